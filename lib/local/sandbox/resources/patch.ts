import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import { applyFields, type Conflict } from "../field-management/apply.ts";
import { conflictCauses, conflictMessage } from "../field-management/conflict.ts";
import { resetFieldsOf } from "../field-management/reset-fields.ts";
import type { Repeated } from "../http/body.ts";
import { badRequest, conflict, type Failure } from "../http/status.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMergePatch } from "../patch/strategic-merge.ts";
import { invalid } from "../schema/field-error.ts";
import type { Answer, Target, Writing } from "./context.ts";
import { invalidObject, MODIFIED } from "./failures.ts";
import { patchedText } from "./patch-text.ts";
import { typedObject } from "./typed.ts";
import type { WriteDeps, Writes } from "./write.ts";

export type PatchType =
  | "application/json-patch+json"
  | "application/merge-patch+json"
  | "application/strategic-merge-patch+json"
  | "application/apply-patch+yaml";

/** What an apply of an unknown object makes. */
export type Applied = { readonly object: Manifest; readonly created: boolean };

/** Source: apimachinery NewGenericServerResponse for 422 without a body. */
const REJECTED: Failure = { code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request", details: {} };

/** Source: apiserver handlers/patch.go maxJSONPatchOperations. */
const MAX_OPERATIONS = 10_000;

export const patchProblem = (shown: string, why: string): Failure => invalidObject({ group: "", kind: "" }, "", [invalid("patch", shown, why)]);

/** `live` changed by a patch that is not an apply, as JSON: what it is after decoding is the caller's business. */
export function patchedJson(target: Target, type: Exclude<PatchType, "application/apply-patch+yaml">, live: Json, patch: Json): Answer<Json> {
  switch (type) {
    case "application/json-patch+json": {
      if (!isArray(patch))
        return problem(badRequest(`error decoding patch: json: cannot unmarshal ${nameOf(patch)} into Go value of type []handlers.jsonPatchOp`));
      if (patch.length > MAX_OPERATIONS)
        return problem({
          code: 413,
          reason: "RequestEntityTooLarge",
          message: `Request entity too large: The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
        });
      const patched = jsonPatch(live, patch);
      return patched.ok ? patched : problem(REJECTED);
    }
    case "application/merge-patch+json":
      if (!isObject(patch)) return problem(notAMap(patch));
      return ok(mergePatch(live, patch));
    case "application/strategic-merge-patch+json": {
      if (!isObject(patch)) return problem(notAMap(patch));
      const patched = strategicMergePatch(target.kind.schema, live, patch);
      if (patched.ok) return patched;
      // An item without its merge key is a fault of the patch that the server answers as one of its own.
      return problem(
        patched.problem.includes("does not contain declared merge key")
          ? { code: 500, reason: "", message: patched.problem }
          : patchProblem(goMap(patch), patched.problem),
      );
    }
  }
}

const notAMap = (patch: Json): Failure =>
  badRequest(`error decoding patch: json: cannot unmarshal ${nameOf(patch)} into Go value of type map[string]interface {}`);
const nameOf = (value: Json): string => (isArray(value) ? "array" : typeof value);

/** As Go prints a map: `map[a:1 b:map[]]`, keys sorted. */
function goMap(value: Json): string {
  if (value === null) return "<nil>";
  if (isArray(value)) return `[${value.map(goMap).join(" ")}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goMap(item)}`).join(" ")}]`;
}

/** What a patch made of the JSON of an object. `repeated`: keys that came twice in the patch. */
export type Patched = {
  readonly patched: Json;
  readonly patch: Json;
  readonly repeated: readonly Repeated[];
  readonly type: Exclude<PatchType, "application/apply-patch+yaml">;
};

/** The patched JSON as an object of the kind, with the server's words when it is none. */
export function patchedObject({ registry }: WriteDeps, target: Target, { patched, patch, repeated, type }: Patched, writing: Writing): Answer<Manifest> {
  if (!isObject(patched)) return problem(REJECTED);
  // A strategic merge is converted value by value, with messages of its own; it shows the patch and not the whole object.
  const strategic = type === "application/strategic-merge-patch+json";
  const other = strategic || target.kind.custom ? undefined : otherKindProblem(registry, target, patched, writing);
  if (other !== undefined) return problem(patchProblem(patchedText(patched, patch), other));
  const typed = typedObject(target.kind, patched, writing, repeated);
  if (typed.ok) return typed;
  return problem(strategic ? patchProblem(goMap(patch), conversionText(typed.problem)) : patchProblem(patchedText(patched, patch), typed.problem));
}

/** A patch may not make another kind out of an object: it is decoded as that kind, and then cannot be converted. */
function otherKindProblem(registry: WriteDeps["registry"], { kind }: Target, patched: JsonObject, writing: Writing): string | undefined {
  const own = apiVersionOf(kind.group, kind.version);
  const apiVersion = typeof patched.apiVersion === "string" && patched.apiVersion !== "" ? patched.apiVersion : own;
  const name = typeof patched.kind === "string" && patched.kind !== "" ? patched.kind : kind.kind;
  if (apiVersion === own && name === kind.kind) return undefined;
  const found = registry.findKind(apiVersion, name);
  if (found === undefined || found.custom)
    return `no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`;
  if (name === kind.kind && found.group === kind.group) return undefined; // another version of the same
  const decoded = typedObject(found, patched, { ...writing, fieldValidation: "Ignore" });
  if (!decoded.ok) return decoded.problem;
  const internal = kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "");
  return `converting (${found.version}.${name}) to (${internal}.${kind.kind}): unknown conversion`;
}

const CONVERTED: { readonly [got: string]: string } = {
  number: "int64",
  string: "string",
  bool: "bool",
  array: "[]interface {}",
  object: "map[string]interface {}",
};

/** `json: cannot unmarshal number into Go struct field ConfigMap.data of type string` → `cannot convert int64 to string`. Source: apimachinery runtime/converter.go. */
function conversionText(text: string): string {
  const [, got = "", wanted = ""] = /^json: cannot unmarshal (\w+) into Go struct field \S+ of type (\S+)$/.exec(text) ?? [];
  return wanted === "" ? text : `cannot convert ${CONVERTED[got] ?? got} to ${wanted}`;
}

/** Server-side apply, of a new object or onto one that is there. `applied` is what the client sent. Source: apiserver handlers applyPatcher. */
export function applyPatch(deps: WriteDeps, writes: Writes, target: Target, applied: JsonObject, writing: Writing, force: boolean): Answer<Applied> {
  const checked = checkApplied(target, applied);
  if (!checked.ok) return checked;
  const { kind } = target;
  const live = writes.live(target);
  const version = checked.value.metadata.resourceVersion ?? "";
  if (live !== undefined && version !== "" && version !== live.metadata.resourceVersion)
    return problem(conflict({ group: kind.group, plural: kind.plural }, target.name, MODIFIED));
  const uid = checked.value.metadata.uid ?? "";
  if (live === undefined && uid !== "") {
    return problem(
      conflict(
        { group: kind.group, plural: kind.plural },
        target.name,
        `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      ),
    );
  }
  const result = applyFields({
    schema: kind.schema,
    live,
    applied: checked.value,
    manager: writing.manager,
    force,
    time: formatTime(deps.now()),
    reset: resetFieldsOf(kind, target.subresource),
    isServed: (apiVersion) => deps.registry.versions(target.resource).some(({ group, version }) => apiVersionOf(group, version) === apiVersion),
    ...(target.subresource !== "" && { subresource: target.subresource }),
  });
  if (result.kind === "invalid") return problem({ code: result.code, reason: result.code === 400 ? "BadRequest" : "", message: result.message });
  if (result.kind === "conflicts") return problem(applyConflict(result.conflicts));
  const typed = typedObject(kind, jsonOf(result.object), { ...writing, fieldValidation: kind.custom ? writing.fieldValidation : "Ignore" });
  if (!typed.ok) return problem(patchProblem(patchedText(applied, null), typed.problem));
  const written = live === undefined ? writes.create(target, typed.value, writing, true) : writes.update(target, typed.value, writing, { tracked: true });
  return written.ok ? ok({ object: written.value, created: live === undefined }) : written;
}

function checkApplied({ kind, name, namespace }: Target, applied: JsonObject): Answer<Manifest> {
  const { apiVersion, kind: kindName } = applied;
  const metadata = isObject(applied.metadata) ? applied.metadata : {};
  if (apiVersion !== apiVersionOf(kind.group, kind.version) || kindName !== kind.kind) {
    const version = typeof apiVersion !== "string" || apiVersion === "" ? "/" : apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
    return problem(badRequest(`invalid object type: ${version}, Kind=${typeof kindName === "string" ? kindName : ""}`));
  }
  const misplaced = placeProblem({ name, namespace }, metadata);
  if (misplaced !== undefined) return problem(misplaced);
  if (isArray(metadata.managedFields)) return problem(badRequest("metadata.managedFields must be nil"));
  const { managedFields: _, ...rest } = metadata;
  return ok({ ...applied, apiVersion, kind: kindName, metadata: rest } as Manifest);
}

/** A name or namespace in the body that is not the one in the URL. Source: apiserver rest.EnsureObjectNamespaceMatchesRequestNamespace, handlers checkName. */
export function placeProblem(
  place: { readonly name: string; readonly namespace: string },
  metadata: { readonly [field: string]: unknown },
): Failure | undefined {
  const name = typeof metadata.name === "string" ? metadata.name : "";
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : "";
  if (name === "") return badRequest(`the name of the object (${place.name} based on URL) was undeterminable: name must be provided`);
  if (name !== place.name) return badRequest(`the name of the object (${name}) does not match the name on the URL (${place.name})`);
  return namespaceMismatch(place.namespace, namespace);
}

export const namespaceMismatch = (wanted: string, given: string): Failure | undefined =>
  given !== "" && given !== wanted ? badRequest("the namespace of the provided object does not match the namespace sent on the request") : undefined;

const applyConflict = (conflicts: readonly Conflict[]): Failure => ({
  code: 409,
  reason: "Conflict",
  message: conflictMessage(conflicts),
  details: { causes: conflictCauses(conflicts) },
});
