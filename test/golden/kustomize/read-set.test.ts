import { describe, expect, it } from "vitest";
import { randomTree } from "../../kustomize/random/tree.ts";
import { readCases } from "../../support/kustomize/case.ts";
import { buildOurs } from "../../support/kustomize/ours.ts";
import { changesThatShow } from "../../support/kustomize/read-set.ts";

const TREES = 150;

describe("what a build has not read does not show", () => {
  it.each(readCases().filter(({ want }) => want?.kind === "built"))("$name", ({ input }) => {
    expect(changesThatShow(input) ?? []).toEqual([]);
  });

  it("in random trees", () => {
    const checked = Array.from({ length: TREES }, (_, seed) => ({ seed, showing: changesThatShow(randomTree(seed)) }));
    expect(checked.filter(({ showing }) => showing !== undefined).length).toBeGreaterThan(TREES / 4);
    expect(checked.filter(({ showing }) => showing !== undefined && showing.length > 0)).toEqual([]);
  });
});

describe("what a build has read", () => {
  it("is every file that it was made of, and what was looked for is every other name that a kustomization could have had", () => {
    const built = buildOurs({
      files: {
        "app/kustomization.yaml":
          "resources: [../base, a.yaml]\npatches: [{path: p.yaml}]\nconfigMapGenerator: [{name: c, files: [f.txt], envs: [e.env]}]\nreplacements: [{path: r.yaml}]\nconfigurations: [c.yaml]\ntransformers: [t.yaml]\n",
        "app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "app/p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: z}\n",
        "app/f.txt": "text",
        "app/e.env": "A=1",
        "app/r.yaml": "[]",
        "app/c.yaml": "namePrefix: []",
        "app/t.yaml": "apiVersion: builtin\nkind: HashTransformer\nmetadata: {name: t}\n",
        "app/other.yaml": "not listed",
        "base/kustomization.yml": "resources: [b.yaml]",
        "base/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n",
      },
      path: "app",
      restriction: "within-folder",
      order: "none",
    });
    expect(built.ok && built.value.read.toSorted()).toEqual([
      ...["a.yaml", "c.yaml", "e.env", "f.txt", "kustomization.yaml", "p.yaml", "r.yaml", "t.yaml"].map((name) => `app/${name}`),
      "base/b.yaml",
      "base/kustomization.yml",
    ]);
    expect(built.ok && built.value.missed.toSorted()).toEqual(["app/Kustomization", "app/kustomization.yml", "base/Kustomization", "base/kustomization.yaml"]);
  });
});
