import type { FieldSpec } from "./config.ts";
import { fields } from "./field-spec-list.ts";

/** Where the kinds that hold a Pod have its `spec`, if it is not `spec/template/spec`. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ["Pod", "spec"],
  ["PodTemplate", "template/spec"],
  ["CronJob", "spec/jobTemplate/spec/template/spec"],
]);

/** Fields of the Pods of some kinds, all paths of a kind together. */
export const inPods = (kinds: readonly string[], paths: readonly string[], of: Partial<Omit<FieldSpec, "path" | "kind">> = {}): readonly FieldSpec[] =>
  kinds.flatMap((kind) =>
    fields(
      { ...of, kind },
      paths.map((path) => `${PLACES.get(kind) ?? "spec/template/spec"}/${path}`),
    ),
  );
