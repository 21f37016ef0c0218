import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, groupOf, type Manifest, versionOf } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import type { Repeated } from "../http/body.ts";
import { badRequest, type Failure } from "../http/status.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { invalid } from "../schema/field-error.ts";
import { prune, unknownFields } from "../schema/prune.ts";
import type { Answer, Writing } from "./context.ts";
import { fieldOf } from "./definitions.ts";
import { invalidObject } from "./failures.ts";
import { misfitText } from "./misfit.ts";

/**
 * A value as an object of `kind`: what the server's typed decoding takes, drops and refuses. `repeated`: the keys that came twice in its text.
 * The problem is the reason alone.
 */
export function typedObject(
  kind: ResourceKind,
  value: JsonObject,
  writing: Pick<Writing, "fieldValidation" | "warn">,
  repeated: readonly Repeated[] = [],
): Result<Manifest> {
  const object = asManifest({ ...value, apiVersion: apiVersionOf(kind.group, kind.version), kind: kind.kind });
  if (object === undefined)
    return problem(
      `json: cannot unmarshal ${Array.isArray(value.metadata) ? "array" : typeof value.metadata} into Go struct field ${kind.kind}.metadata of type v1.ObjectMeta`,
    );
  if (writing.fieldValidation !== "Ignore") {
    const unknown = unknownFields(kind.schema, object).map((path) => ({ path, text: `unknown field ${JSON.stringify(path)}` }));
    const faults = inOrder(kind, object, [...repeated, ...unknown]);
    if (faults.length > 0 && writing.fieldValidation === "Strict") return problem(strictProblem(faults));
    for (const { text } of faults) writing.warn(text);
  }
  const type = kind.custom ? undefined : typedFieldsOf(object.apiVersion, object.kind);
  if (type === undefined) return ok(withoutEmpty(prune(kind.schema, object)));
  const form = typedForm(type, jsonOf(object));
  if (!form.ok) return problem(misfitText(kind, form.problem, jsonOf(object)));
  const made = isObject(form.value) ? asManifest({ apiVersion: object.apiVersion, kind: object.kind, ...form.value }) : undefined;
  return ok(withStringData(kind, made ?? object));
}

const LEFT_OUT_WHEN_EMPTY = ["annotations", "finalizers", "labels", "ownerReferences"];

/** Custom resources have typed metadata, too, and nothing that is empty in it. Source: apiextensions-apiserver objectmeta, SetObjectMeta. */
function withoutEmpty({ metadata, ...rest }: Manifest): Manifest {
  const isEmpty = (value: unknown): boolean => value === null || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([field, value]) => !LEFT_OUT_WHEN_EMPTY.includes(field) || !isEmpty(value))),
  };
}

/** The body of a POST or PUT; `apiVersion` and `kind` may be left out. */
export function decodeTyped(
  kind: ResourceKind,
  value: Json,
  writing: Pick<Writing, "fieldValidation" | "warn">,
  repeated: readonly Repeated[] = [],
): Answer<Manifest> {
  const given = isObject(value) ? value : {};
  const wanted = apiVersionOf(kind.group, kind.version);
  const unfit = kind.custom ? customProblem(kind, given) : undefined;
  if (unfit !== undefined) return problem(unfit);
  const apiVersion = typeof given.apiVersion === "string" && given.apiVersion !== "" ? given.apiVersion : wanted;
  const name = typeof given.kind === "string" && given.kind !== "" ? given.kind : kind.kind;
  const cannot = (why: string): Answer<never> =>
    problem(badRequest(`${name} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${kind.kind}: ${why}`));
  if (apiVersion !== wanted && groupOf(apiVersion) === kind.group && kind.group !== "") {
    return problem(badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`));
  }
  if (apiVersion !== wanted)
    return cannot(`no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`);
  if (name !== kind.kind)
    return cannot(`converting (${kind.version}.${name}) to (${kind.group === "" ? "core" : kind.group.split(".")[0]}.${kind.kind}): unknown conversion`);
  const typed = typedObject(kind, given, writing, repeated);
  return typed.ok ? typed : cannot(typed.problem);
}

/** Those of a JSON text after each other; those of a YAML text, which have no path, in the way of its parser. */
function strictProblem(faults: readonly Repeated[]): string {
  const lines = faults.filter(({ path }) => path === "");
  const fields = faults.filter(({ path }) => path !== "").map(({ text }) => text);
  const yaml = lines.length === 0 ? [] : [`yaml: unmarshal errors:\n${lines.map(({ text }) => `  ${text}`).join("\n")}`];
  return `strict decoding error: ${[...yaml, ...fields].join(", ")}`;
}

/** Built-in kinds name their faults as they come in the text (as far as its top level goes), custom ones repeated keys first. */
function inOrder(kind: ResourceKind, object: Manifest, unknown: readonly Repeated[]): readonly Repeated[] {
  if (kind.custom || unknown.length < 2) return unknown;
  const places = new Map(Object.keys(object).map((field, index) => [field, index]));
  const place = ({ path }: Repeated): number => places.get(path.split(/[.[]/)[0] ?? "") ?? 0;
  return unknown.toSorted((a, b) => place(a) - place(b));
}

/** Whether the value has the form of an object; `undefined` when its metadata is none. */
function asManifest(value: JsonObject): Manifest | undefined {
  const metadata = value.metadata ?? {};
  return isObject(metadata) ? ({ ...value, metadata } as Manifest) : undefined;
}

/** Custom resources must say their kind, and the right one. Source: apiextensions, schemaCoercingDecoder and customresource strategy. */
function customProblem(kind: ResourceKind, given: JsonObject): Failure | undefined {
  const text = JSON.stringify(given);
  const missing = (what: string): Failure =>
    badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): Object '${what}' is missing in '${text}' (${text})`);
  if (typeof given.kind !== "string" || given.kind === "") return missing("Kind");
  if (typeof given.apiVersion !== "string" || given.apiVersion === "") return missing("apiVersion");
  if (given.kind === kind.kind || groupOf(given.apiVersion) !== kind.group) return undefined;
  const name = isObject(given.metadata) && typeof given.metadata.name === "string" ? given.metadata.name : "";
  return invalidObject({ group: kind.group, kind: given.kind }, name, [invalid("kind", given.kind, `must be ${kind.kind}`)]);
}

/** A Secret's stringData is only ever written: it becomes data. Source: core/v1 conversion of Secret. */
function withStringData(kind: ResourceKind, object: Manifest): Manifest {
  const { stringData, ...rest } = object;
  if (kind.custom || kind.group !== "" || kind.kind !== "Secret" || !isObject(stringData as Json | undefined)) return object;
  const encoded = Object.entries(fieldOf(object, "stringData")).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]);
  return { ...rest, data: { ...fieldOf(object, "data"), ...Object.fromEntries(encoded) } } as Manifest;
}
