import { expect, it } from "vitest";
import type { Patch } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import { patchConfig, patchJson6902Config, patchStrategicMergeConfig } from "../../../../../../layers/engine/build/kustomize/patch/patch-config.ts";
import { writeYaml } from "../../../../../../layers/engine/build/yaml/write.ts";

const NOTHING = { group: "", version: "", kind: "", name: "", namespace: "", labelSelector: "", annotationSelector: "" };
const EMPTY: Patch = { path: "", patch: "", target: undefined, options: undefined };

it.each<{ patch: Patch; want: string }>([
  { patch: EMPTY, want: "{}\n" },
  {
    patch: { ...EMPTY, patch: "a: b\n", target: NOTHING, options: { allowKindChange: false, allowNameChange: false } },
    want: "options: {}\npatch: |\n  a: b\ntarget: {}\n",
  },
  {
    patch: { ...EMPTY, path: "p.yaml", target: { ...NOTHING, kind: "A", labelSelector: "x" }, options: { allowKindChange: true, allowNameChange: false } },
    want: "options:\n  allowKindChange: true\npath: p.yaml\ntarget:\n  kind: A\n  labelSelector: x\n",
  },
])("a patch is shown as\n$want", ({ patch, want }) => expect(writeYaml(patchConfig(patch))).toBe(want));

it("the text of a JSON patch is shown under another name", () =>
  expect(writeYaml(patchJson6902Config({ ...EMPTY, patch: "[]", target: { ...NOTHING, name: "a" } }))).toBe("jsonOp: '[]'\ntarget:\n  name: a\n"));

it("patches of the old kind are shown as paths", () => expect(writeYaml(patchStrategicMergeConfig(["a.yaml", "b"]))).toBe("paths:\n- a.yaml\n- b\n"));
