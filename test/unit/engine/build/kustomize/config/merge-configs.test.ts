import { describe, expect, it } from "vitest";
import type { BackReferences, FieldSpec } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { defaultConfig, emptyConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { mergeBackReferences, mergeConfigs, mergeFieldSpecs } from "../../../../../../layers/engine/build/kustomize/config/merge-configs.ts";

/** `Kind.version.group path` with `!` for create. */
function spec(text: string): FieldSpec {
  const [gvk = "", path = ""] = text.replace("!", "").split(" ");
  const [kind = "", version = "", group = ""] = gvk.split(".");
  return { group, version, kind, path, create: text.endsWith("!") };
}
const show = ({ group, version, kind, path, create }: FieldSpec): string => `${kind}.${version}.${group} ${path}${create ? "!" : ""}`;

describe("field specs", () => {
  it.each<[string, string[], string[], string[] | string]>([
    ["are added behind", ["A.. p"], ["B.. p"], ["A.. p", "B.. p"]],
    ["are not added twice", ["A.. p"], ["A.. p", "B.. q", "B.. q"], ["A.. p", "B.. q"]],
    ["of another path are others", ["A.. p"], ["A.. q"], ["A.. p", "A.. q"]],
    ["are left out when they are more general than one that is there", ["A.v1.g p"], [".. p", "A.. p", ".v1. p", "..g p"], ["A.v1.g p"]],
    ["are added when they are more special", [".. p"], ["A.. p"], [".. p", "A.. p"]],
    ["conflict in what may be created", ["A.. p"], ["A.. p!"], "conflicting fieldspecs"],
    ["conflict with the first that is covered", ["A.. p!", "B.. p"], [".. p"], "conflicting fieldspecs"],
    ["do not conflict when another comes first", ["A.. p", "B.. p!"], [".. p"], ["A.. p", "B.. p!"]],
  ])("%s", (_, present, added, want) => {
    const merged = mergeFieldSpecs(present.map(spec), added.map(spec));
    expect(merged.ok ? merged.value.map(show) : merged.problem).toEqual(want);
  });
});

describe("name references", () => {
  const to = (kind: string, ...fieldSpecs: string[]): BackReferences => ({ group: "", version: "v1", kind, fieldSpecs: fieldSpecs.map(spec) });
  const merge = (present: BackReferences[], added: BackReferences[]): unknown => {
    const merged = mergeBackReferences(present, added);
    return merged.ok ? merged.value.map(({ kind, fieldSpecs }) => `${kind}: ${fieldSpecs.map(show).join(", ")}`) : merged.problem;
  };

  it("of one kind become one", () => expect(merge([to("A", "X.. p")], [to("B", "X.. p"), to("A", "Y.. p", "X.. p")])).toEqual(["A: X.. p, Y.. p", "B: X.. p"]));
  it("conflict", () => expect(merge([to("A", "X.. p")], [to("A", "X.. p!")])).toBe("conflicting fieldspecs"));
});

describe("configurations", () => {
  it("are sorted by kind again, so that what is special comes first, and a general field spec is lost with the next merge", () => {
    const own = { ...emptyConfig, namePrefix: [spec("Deployment.. metadata/name")] };
    const merged = mergeConfigs(defaultConfig(), own);
    expect(merged.ok && merged.value.namePrefix.map(show)).toEqual(["Deployment.. metadata/name", ".. metadata/name"]);
    const again = merged.ok ? mergeConfigs(emptyConfig, merged.value) : merged;
    expect(again.ok && again.value.namePrefix.map(show)).toEqual(["Deployment.. metadata/name"]);
  });

  it.each([
    ["namePrefix", "NamePrefix"],
    ["nameSuffix", "NameSuffix"],
    ["namespace", "NameSpace"],
    ["commonAnnotations", "CommonAnnotations"],
    ["commonLabels", "CommonLabels"],
    ["labels", "Labels"],
    ["templateLabels", "TemplateLabels"],
    ["varReference", "VarReference"],
    ["images", "Images"],
    ["replicas", "Replicas"],
  ] as const)("that conflict in %s", (field, shown) => {
    const merged = mergeConfigs({ ...emptyConfig, [field]: [spec("A.. p")] }, { ...emptyConfig, [field]: [spec("A.. p!")] });
    expect(merged.ok ? "" : merged.problem).toBe(`failed to merge ${shown} fieldSpec: conflicting fieldspecs`);
  });

  it("that conflict in nameReference", () => {
    const to = (text: string): readonly BackReferences[] => [{ group: "", version: "", kind: "A", fieldSpecs: [spec(text)] }];
    const merged = mergeConfigs({ ...emptyConfig, nameReference: to("A.. p") }, { ...emptyConfig, nameReference: to("A.. p!") });
    expect(merged.ok ? "" : merged.problem).toBe("failed to merge NameReference fieldSpec: conflicting fieldspecs");
  });
});
