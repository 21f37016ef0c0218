import type { Path } from "@sluice/engine/build/kustomize/build-problem.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { isSaidIn, locate } from "@sluice/engine/build/kustomize/locate.ts";
import { placeText } from "@sluice/engine/domain/place.ts";
import { describe, expect, it } from "vitest";

const files = filesOfTree(
  new Map(
    Object.entries({
      "k.yaml": "resources:\n- a\n- b\nbases:\n- c\nimages: []\nimageTags:\n- name: x\n  newTag: y\nconfigMapGenerator:\n- envs: [a]\n  env: b\n",
      "m.yaml": "kind: A\nspec:\n  containers:\n  - name: a\n---\n# second\nkind: B\nmetadata:\n  name: b\n",
      "broken.yaml": "a: 1\nb: [\n",
      "list.yaml": "kind: List\napiVersion: v1\nitems:\n- kind: A\n- kind: B\n  x: 1\n",
    }).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]),
  ),
);

describe("a place is told", () => {
  it.each<[string, string, Path, number, string]>([
    ["an entry", "k.yaml", ["resources", 1], 0, "k.yaml:3 (resources[1])"],
    ["an entry of a legacy field", "k.yaml", ["resources", 2], 0, "k.yaml:5 (bases[0])"],
    ["an entry that nobody wrote", "k.yaml", ["resources", 3], 0, "k.yaml:1 (resources[3])"],
    ["a field of one of a legacy field", "k.yaml", ["images", 0, "newTag"], 0, "k.yaml:9 (imageTags[0].newTag)"],
    ["an entry beside a legacy one", "k.yaml", ["configMapGenerator", 0, "envs", 0], 0, "k.yaml:11 (configMapGenerator[0].envs[0])"],
    ["a legacy entry", "k.yaml", ["configMapGenerator", 0, "envs", 1], 0, "k.yaml:12 (configMapGenerator[0].env)"],
    ["a field that is missing", "k.yaml", ["configMapGenerator", 0, "name"], 0, "k.yaml:11 (configMapGenerator[0].name)"],
    ["what nothing of is there", "k.yaml", ["kind"], 0, "k.yaml (kind)"],
    ["a field below a list", "m.yaml", ["spec", "containers", "image"], 0, "m.yaml:3 (spec.containers.image)"],
    ["a field of the second document", "m.yaml", ["metadata", "name"], 1, "m.yaml:9 (metadata.name)"],
    ["a field of an item", "list.yaml", ["x"], 1, "list.yaml:6 (x)"],
    ["no YAML", "broken.yaml", [], 0, "broken.yaml:3"],
    ["a file", "m.yaml", [], 0, "m.yaml"],
    ["no file", "none.yaml", ["a"], 0, "none.yaml (a)"],
  ])("%s", (_, file, path, document, want) => expect(placeText(locate({ file, path, document }, files))).toBe(want));

  it("as it is known already", () => expect(locate({ file: "m.yaml", line: 7, document: 1 }, files)).toEqual({ file: "m.yaml", line: 7 }));
});

describe("what a file says", () => {
  it.each<[string, Path, boolean]>([
    ["k.yaml", ["resources", 2], true],
    ["k.yaml", ["resources", 3], false],
    ["k.yaml", ["configMapGenerator", 0, "name"], true],
    ["k.yaml", ["patches", 0], false],
    ["k.yaml", ["namePrefix"], false],
    ["k.yaml", [], true],
    ["none.yaml", [], false],
  ])("%s %j: %s", (file, path, want) => expect(isSaidIn(files, { file, path })).toBe(want));
});
