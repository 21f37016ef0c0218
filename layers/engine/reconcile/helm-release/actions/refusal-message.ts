import { hideValues, secretValuesOf } from "../../../build/hide-secrets.ts";
import { groupOf } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import type { Refusal } from "../../../ports/cluster.ts";
import { kindText, type Resource } from "./resources.ts";

const HIDDEN = "*****";

/** What the server said of an object, without the values of a Secret, which it quotes. Helm shows them: security.md, "Secret values in diffs/events/errors". */
export function shownMessage({ manifest }: Resource, message: string): string {
  if (groupOf(manifest.apiVersion) !== "" || manifest.kind !== "Secret") return message;
  const unquoted = message.replaceAll(/(valueUnstructured\{Value:)[\s\S]*?\}(?=$|,|;|\n| )/g, `$1${HIDDEN}}`);
  return hideValues(unquoted, secretValuesOf(jsonOf(manifest)), HIDDEN);
}

/** Recorded: install-refused-no-retries, target-namespace-missing. Source for conflicts: Helm 4, pkg/kube patchResourceServerSide. */
export function applyProblem(resource: Resource, refusal: Refusal): string {
  const { namespace = "", name } = resource.ref;
  const object = `${namespace}/${name} ${kindText(resource.ref)}: ${shownMessage(resource, refusal.message)}`;
  return refusal.why === "conflict" ? `conflict occurred while applying object ${object}` : `server-side apply failed for object ${object}`;
}
