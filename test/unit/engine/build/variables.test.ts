import { textOf } from "@sluice/engine/build/substitute/bytes.ts";
import { mergeVariables, type VariableSource } from "@sluice/engine/build/variables.ts";
import { describe, expect, it } from "vitest";

const found = (name: string, values: Record<string, string | Uint8Array>, kind: "ConfigMap" | "Secret" = "ConfigMap"): VariableSource => ({
  kind,
  name,
  optional: false,
  answer: { kind: "found", values: new Map(Object.entries(values)) },
});
const absent = (optional: boolean): VariableSource => ({
  kind: "Secret",
  name: "extra",
  optional,
  answer: { kind: "absent", message: 'secrets "extra" not found' },
});
const refused: VariableSource = { kind: "Secret", name: "s", optional: true, answer: { kind: "refused", message: "forbidden" } };

describe("mergeVariables", () => {
  it.each<[string, readonly VariableSource[], Record<string, string> | undefined, unknown]>([
    ["later sources win", [found("a", { x: "1", y: "1" }), found("b", { y: "2" }, "Secret")], undefined, { x: "1", y: "2" }],
    ["the spec wins over all", [found("a", { x: "1" })], { x: "spec" }, { x: "spec" }],
    ["line breaks go away", [found("a", { x: "one\ntwo\n" })], { y: "a\nb" }, { x: "onetwo", y: "ab" }],
    ["bytes of a Secret", [found("a", { x: new TextEncoder().encode("é") })], undefined, { x: "é" }],
    ["one that is absent and optional", [absent(true)], { y: "1" }, { y: "1" }],
    ["one that is absent", [absent(false)], { y: "1" }, "substitute from 'Secret/extra' error: secrets \"extra\" not found"],
    ["one that is refused, even when optional", [refused], {}, "substitute from 'Secret/s' error: forbidden"],
    ["nothing", [], undefined, {}],
  ])("%s", (_, sources, substitute, want) => {
    const merged = mergeVariables(sources, substitute);
    expect(merged.ok ? Object.fromEntries([...merged.value].map(([name, value]) => [name, textOf(value)])) : merged.problem).toEqual(want);
  });
});
