import { isObject, type JsonObject } from "../domain/json.ts";
import type { ManagedField, Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import { cleanUpPatch, KUSTOMIZE_MANAGER } from "./clean-up.ts";
import { controlsOf } from "./controls.ts";
import { isOfMainResource, managedFieldsOf } from "./field-set.ts";
import { walkMap } from "./walk.ts";

/** What the LIST says about one object. `ask`: only the server can tell (dry-run); `why` is for logs and tests. */
export type Decision = { readonly kind: "unchanged" } | { readonly kind: "ask"; readonly why: string } | { readonly kind: "create" };

export type DecideFacts = {
  /** The kind's schema is compiled into the API server: `null` in a manifest means absent. False for custom resources. */
  readonly builtIn: boolean;
  /** The kind has the status subresource, so that `status` in a manifest is dropped by the server. */
  readonly hasStatus: boolean;
  /** Whether the server still serves this version, any kind of it. */
  readonly isServed: (apiVersion: string) => boolean;
  /** As in the clean-up: managers whose fields we take. */
  readonly overrideManagers?: readonly string[];
};

/**
 * Structs that every manifest has once it is in its kind's typed form, as `{}` where it says nothing, and that the server fills with
 * defaults: without this rule no Deployment would ever be decided. Merged field by field (no `x-kubernetes-map-type: atomic`).
 */
const FILLED: ReadonlyMap<string, string> = new Map([
  ["apps/v1 Deployment", ".spec.strategy"],
  ["apps/v1 StatefulSet", ".spec.updateStrategy"],
  ["apps/v1 DaemonSet", ".spec.updateStrategy"],
]);

const UNCHANGED: Decision = { kind: "unchanged" };
const ask = (why: string): Decision => ({ kind: "ask", why });

/**
 * Whether applying `desired` would change the value of any field of `live`, as read from a LIST (with apiVersion and kind added).
 * Says `unchanged` only when that is certain as long as schema and admission are what they were; everything else is `ask`.
 * The tree in our `managedFields` entry is walked along both objects. Source: design §6; controls and clean-up: reference 2.6.3, 2.6.4.
 */
export function decide(desired: Manifest, live: Manifest | undefined, facts: DecideFacts): Decision {
  if (live === undefined) return { kind: "create" };
  const decision = decideFor(KUSTOMIZE_MANAGER, desired, live, facts);
  if (decision.kind !== "unchanged" || controlsOf(desired, live).merge) return decision;
  return cleanUpPatch(live, facts.overrideManagers).length > 0 ? ask("it must be cleaned up") : decision;
}

/** The same for an apply by any manager, which takes no fields from others beforehand. */
export function decideFor(manager: string, desired: Manifest, live: Manifest, facts: DecideFacts): Decision {
  if (live.apiVersion !== desired.apiVersion || live.kind !== desired.kind) return ask("the version or kind differs");
  if (live.metadata.deletionTimestamp !== undefined) return ask("it is being deleted");
  const entries = managedFieldsOf(live);
  const ours = entries.filter((entry) => entry.manager === manager && entry.operation === "Apply" && isOfMainResource(entry));
  const [own] = ours;
  if (own === undefined || ours.length > 1) return ask(`${ours.length} entries of ours in managedFields`);
  if (own.apiVersion !== desired.apiVersion || own.fieldsType !== "FieldsV1" || own.fieldsV1 === undefined) return ask("we applied it in another version");
  const foreign = entries.filter((entry) => entry !== own);
  const gone = foreign.find((entry) => entry.apiVersion === undefined || !facts.isServed(entry.apiVersion));
  if (gone !== undefined) return ask("a manager's version is not served any more");
  const doubt = walkMap(counted(desired, facts.hasStatus), own.fieldsV1, jsonOf(live), {
    builtIn: facts.builtIn,
    foreign: foreign.map(fieldsOf),
    path: "",
    depth: 0,
    filled: facts.builtIn ? FILLED.get(`${desired.apiVersion} ${desired.kind}`) : undefined,
  });
  return doubt === undefined ? UNCHANGED : ask(doubt);
}

const fieldsOf = ({ fieldsV1 }: ManagedField): JsonObject => fieldsV1 ?? {};

/** `desired` without what names it and what the server drops. Everything else in the manifest counts. */
function counted(desired: Manifest, hasStatus: boolean): JsonObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...fields } = jsonOf(desired);
  const { status, ...rest } = fields;
  const dropsStatus = hasStatus && isObject(status) && Object.keys(status).length === 0;
  const kept = isObject(metadata) ? countedMetadata(metadata) : {};
  return { ...(dropsStatus ? rest : fields), ...(Object.keys(kept).length > 0 && { metadata: kept }) };
}

function countedMetadata(metadata: JsonObject): JsonObject {
  const { name: _name, namespace: _namespace, creationTimestamp, ...rest } = metadata;
  return creationTimestamp === null || creationTimestamp === undefined ? rest : { ...rest, creationTimestamp };
}
