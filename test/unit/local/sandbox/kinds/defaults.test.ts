import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import { describe, expect, it } from "vitest";
import { pullPolicyOf } from "../../../../../lib/local/sandbox/kinds/default-rules.ts";
import { defaultBuiltIn } from "../../../../../lib/local/sandbox/kinds/defaults.ts";
import { withJobSelector } from "../../../../../lib/local/sandbox/kinds/job-selector.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";

/** Dry-run creations on a real server, written down by lib/local/sandbox/kinds/generate.ts. */
const probes: readonly { given: JsonObject; code: number; answer: JsonObject }[] = JSON.parse(
  readFileSync(new URL("probes.generated.json", import.meta.url), "utf8"),
);
const isManifest = (value: Json): value is Manifest & JsonObject => isObject(value) && isObject(value.metadata);

function defaulted(given: JsonObject): Manifest {
  const kind = builtInKinds().find((row) => row.kind === given.kind && apiVersionOf(row.group, row.version) === given.apiVersion);
  const type = typedFieldsOf(String(given.apiVersion), String(given.kind));
  const form = type === undefined ? undefined : typedForm(type, given);
  if (kind === undefined || form?.ok !== true || !isManifest(form.value)) throw new Error("no such kind");
  return defaultBuiltIn(kind, form.value);
}

/** A Job's selector is made of its uid. */
function made(given: JsonObject, answer: JsonObject): Manifest {
  const object = defaulted(given);
  const uid = isObject(answer.metadata) ? String(answer.metadata.uid) : "";
  return object.kind === "Job" ? withJobSelector({ ...object, metadata: { ...object.metadata, uid } }) : object;
}

/** What admission and the strategies add to a new object is made elsewhere. */
function comparable(object: JsonObject): Json {
  const { status: _status, metadata, spec, ...rest } = JSON.parse(JSON.stringify(object));
  for (const field of ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "namespace"]) delete metadata[field];
  for (const field of ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]) delete spec?.[field];
  for (const field of ["finalizers", "annotations"]) delete metadata[field];
  if (object.kind === "Pod") for (const field of ["priority", "preemptionPolicy"]) delete spec?.[field];
  if (object.kind === "Namespace") delete spec?.finalizers;
  if (spec !== undefined && Object.keys(spec).length === 0) return { ...rest, metadata };
  return { ...rest, metadata, ...(spec !== undefined && { spec }) };
}

describe("defaultBuiltIn does as the real server did", () => {
  it.each(
    probes.filter(({ code }) => code === 201).map((one) => ({ ...one, title: `${one.given.kind} ${JSON.stringify(one.given.spec ?? {}).slice(0, 60)}` })),
  )("$title", ({ given, answer }) => expect(comparable(JSON.parse(JSON.stringify(made(given, answer))))).toEqual(comparable(answer)));
});

it.each([
  ["nginx", "Always"],
  ["nginx:latest", "Always"],
  ["nginx:1", "IfNotPresent"],
  ["r.io:5000/nginx", "Always"],
  ["r.io:5000/nginx:1", "IfNotPresent"],
  ["nginx@sha256:aa", "IfNotPresent"],
])("%s is pulled %s", (image, want) => expect(pullPolicyOf(image)).toBe(want));
