import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { typedForm } from "@sluice/engine/plan/typed-form.ts";
import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import { describe, expect, it } from "vitest";
import { defaultBuiltIn } from "../../../../../lib/local/sandbox/kinds/defaults.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import { patchProblemCode, strategicMergePatch } from "../../../../../lib/local/sandbox/patch/strategic-merge.ts";

type Case = { readonly patch: JsonObject; readonly code: number; readonly message?: string; readonly metadata?: JsonObject; readonly template?: JsonObject };
/** Answers of a real server, written down by test/support/field-management/strategic-merge.ts. */
const { live, cases }: { live: JsonObject; cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("strategic-merge.generated.json", import.meta.url), "utf8"),
);

const isManifest = (value: Json): value is Manifest & JsonObject => isObject(value) && isObject(value.metadata);
const kind = builtInKinds().find((row) => row.kind === "PodTemplate") ?? expect.fail("no PodTemplate");

/** As the server stores what the patch makes. */
function stored(object: Json): Manifest {
  const type = typedFieldsOf("v1", "PodTemplate");
  const form = type === undefined ? undefined : typedForm(type, object);
  if (form?.ok !== true || !isManifest(form.value)) throw new Error("not a PodTemplate");
  return defaultBuiltIn(kind, form.value);
}
const unmanaged = ({ managedFields: _managedFields, resourceVersion: _resourceVersion, generation: _generation, ...metadata }: JsonObject): JsonObject =>
  metadata;

describe("strategicMergePatch does as the real server did", () => {
  it.each(cases.map((one) => ({ ...one, title: JSON.stringify(one.patch) })))("$title", ({ patch, code, message, metadata, template }) => {
    const result = strategicMergePatch(kind.schema, live, patch);
    if (code !== 200) {
      expect(result).toEqual({ ok: false, problem: message });
      expect(patchProblemCode(message ?? "")).toBe(code);
      return;
    }
    if (!result.ok) throw new Error(result.problem);
    const object = stored(result.value);
    expect(object.template).toEqual(template);
    expect(unmanaged(JSON.parse(JSON.stringify(object.metadata)))).toEqual(unmanaged(metadata ?? {}));
  });
  it("leaves what it is given alone", () => {
    const before = JSON.stringify(live);
    for (const { patch } of cases) strategicMergePatch(kind.schema, live, patch);
    expect(JSON.stringify(live)).toBe(before);
  });
  it("refuses what is no object", () => expect(strategicMergePatch(kind.schema, live, [])).toEqual({ ok: false, problem: "invalid JSON document" }));
});
