import { matchesSelector, parseLabelSelector, type Requirement } from "@sluice/engine/plan/label-selector.ts";
import { Failure } from "./failure.ts";

/** The requirements of `-l`. Throws a Failure when it is no selector. */
export function checkLabelSelector(text: string): readonly Requirement[] {
  const parsed = parseLabelSelector(text);
  if (!parsed.ok) throw new Failure(`unable to parse label selector: ${parsed.problem}`);
  return parsed.value;
}

/** Whether an object's labels meet the selector; without one, all do. */
export function labelMatcher(text: string | undefined): (labels: { readonly [key: string]: string }) => boolean {
  const requirements = checkLabelSelector(text ?? "");
  return (labels) => matchesSelector(requirements, labels);
}
