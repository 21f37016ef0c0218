import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isEqual, isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import { applyFields } from "../../../lib/local/sandbox/field-management/apply.ts";
import { conflictCauses, conflictMessage } from "../../../lib/local/sandbox/field-management/conflict.ts";
import { resetFieldsOf } from "../../../lib/local/sandbox/field-management/reset-fields.ts";
import { keepTimes, trackUpdate } from "../../../lib/local/sandbox/field-management/update.ts";
import { defaultBuiltIn } from "../../../lib/local/sandbox/kinds/defaults.ts";
import type { ResourceKind } from "../../../lib/local/sandbox/kinds/kind.ts";
import { builtInKinds } from "../../../lib/local/sandbox/kinds/kinds.ts";
import { applyDefaults } from "../../../lib/local/sandbox/schema/defaults.ts";
import { thingKind } from "./thing-kind.ts";

/** One request as it was played, with what the real server had and answered. */
export type Step = {
  readonly subject: string;
  readonly verb: "apply" | "update";
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly live?: JsonObject;
  readonly body: JsonObject;
  readonly code: number;
  readonly answer: JsonObject;
};

const isManifest = (value: Json): value is Manifest & JsonObject => isObject(value) && isObject(value.metadata);
const isJson = (_value: unknown): _value is Json => true;
const json = (value: unknown): Json => (isJson(value) ? value : null);

function manifest(value: Json): Manifest {
  if (!isManifest(value)) throw new Error("not an object");
  return value;
}

function kindOf(object: Manifest): ResourceKind {
  return (
    builtInKinds().find(({ group, version, kind }) => object.kind === kind && object.apiVersion === (group === "" ? version : `${group}/${version}`)) ??
    thingKind
  );
}

const TIME = "2026-01-01T00:00:00Z";

/** Undefined when our functions do with the request what the real server did. */
export function checkStep(step: Step): string | undefined {
  const live = step.live === undefined ? undefined : manifest(step.live);
  const body = manifest(step.body);
  const kind = kindOf(body);
  const reset = resetFieldsOf(kind, step.subresource);
  const shared = { schema: kind.schema, manager: step.manager, time: TIME, reset, ...(step.subresource !== undefined && { subresource: step.subresource }) };
  if (step.verb === "update") {
    if (step.code >= 300) return undefined;
    const real = manifest(step.answer);
    // The server works out ownership on what the client sent, defaulted, before it allocates or resets anything.
    const after = trackUpdate({ ...shared, before: live, after: stored(kind, body, live) });
    return difference("managedFields", managers(real, live), managers(after, live));
  }
  const outcome = applyFields({ ...shared, live, applied: body, force: step.force === true });
  if (outcome.kind === "conflicts") {
    const ours = { code: 409, message: conflictMessage(outcome.conflicts), causes: sortedCauses(json(conflictCauses(outcome.conflicts))) };
    const details = isObject(step.answer.details) ? step.answer.details : {};
    // With several managers the real server's order is that of a Go map; each line must be there all the same.
    return difference(
      "conflict",
      { code: step.code, message: lines(step.answer.message), causes: sortedCauses(withoutTimes(details.causes ?? null)) },
      { ...ours, message: lines(ours.message) },
    );
  }
  if (outcome.kind === "invalid")
    return difference("failure", { code: step.code, message: step.answer.message ?? null }, { code: outcome.code, message: outcome.message });
  if (step.code >= 300) return `the server answered ${step.code} ${JSON.stringify(step.answer.message)}, ours applied`;
  const real = manifest(step.answer);
  const made = stored(kind, outcome.object, live);
  return (
    difference("managedFields", managers(real, live), managers(live === undefined ? made : keepTimes(live, made), live)) ??
    difference("object", comparable(real, step), comparable(made, step))
  );
}

const lines = (message: Json | undefined): Json => (typeof message === "string" ? withoutTime(message).split("\n").toSorted() : null);
const withoutTime = (text: string): string => text.replace(/ at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "");
const withoutTimes = (causes: Json): Json =>
  isArray(causes)
    ? causes.map((cause) => (isObject(cause) && typeof cause.message === "string" ? { ...cause, message: withoutTime(cause.message) } : cause))
    : causes;
const sortedCauses = (causes: Json): Json => (isArray(causes) ? causes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : causes);

/** What the server does with a built-in object between merging and storing. */
function stored(kind: ResourceKind, object: Manifest, live: Manifest | undefined): Manifest {
  if (kind.custom) return applyDefaults(kind.schema, typedMetadata(object));
  const type = typedFieldsOf(object.apiVersion, object.kind);
  if (type === undefined) return object;
  const { managedFields, ...metadata } = object.metadata;
  const form = typedForm(type, json({ ...object, metadata }));
  if (!form.ok) return object;
  const typed = manifest(form.value);
  const whole = {
    ...typed,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...typed.metadata, ...(managedFields !== undefined && { managedFields }) },
  };
  return defaultBuiltIn(kind, whole, live);
}

/** Of custom resources only the metadata has a Go type. */
function typedMetadata(object: Manifest): Manifest {
  const { managedFields, ...metadata } = object.metadata;
  const type = typedFieldsOf("v1", "ConfigMap")?.fields.get("metadata");
  const form = type === undefined ? undefined : typedForm(type, json(metadata));
  return form?.ok === true && isObject(form.value) ? { ...object, metadata: { ...form.value, ...(managedFields !== undefined && { managedFields }) } } : object;
}

/** Entries with `old`, `new` or no time. */
function managers(object: Manifest, live: Manifest | undefined): Json {
  const olds = live?.metadata.managedFields ?? [];
  const entries = (object.metadata.managedFields ?? []).map(({ time, ...entry }) => {
    const old = olds.find(
      (other) =>
        other.manager === entry.manager &&
        other.operation === entry.operation &&
        other.subresource === entry.subresource &&
        other.apiVersion === entry.apiVersion,
    );
    const { fieldsV1, ...rest } = entry;
    return { ...rest, fields: JSON.stringify(fieldsV1), time: time === undefined ? "none" : old === undefined ? "new" : "any" };
  });
  return json(
    entries.toSorted((a, b) =>
      JSON.stringify([a.operation, a.manager, a.apiVersion, a.subresource]) < JSON.stringify([b.operation, b.manager, b.apiVersion, b.subresource]) ? -1 : 1,
    ),
  );
}

const SERVER_MADE = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "namespace", "selfLink"];

function comparable(object: Manifest, { subresource }: Step): Json {
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(
      ([name, value]) => !SERVER_MADE.includes(name) && !(isObject(json(value)) && Object.keys(json(value) ?? {}).length === 0),
    ),
  );
  const { status, ...rest } = object;
  const spec = json(rest.spec ?? null);
  const own = isObject(spec) ? Object.fromEntries(Object.entries(spec).filter(([name]) => !/^(clusterIPs?|ipFamil)/.test(name))) : spec;
  return json({ ...rest, metadata, spec: own, ...(subresource === "status" && { status }) });
}

function difference(what: string, real: Json, ours: Json): string | undefined {
  if (isEqual(real, ours)) return undefined;
  const apart = (own: Json, other: Json): Json => (isArray(own) && isArray(other) ? own.filter((item) => !other.some((same) => isEqual(item, same))) : own);
  return `${what}\n  real ${JSON.stringify(apart(real, ours))}\n  ours ${JSON.stringify(apart(ours, real))}`;
}
