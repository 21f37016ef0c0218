import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KustomizeBuild } from "@sluice/engine/build/kustomize/build.ts";
import type { ResourceId } from "@sluice/engine/build/kustomize/resource/id.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeOutput } from "../../../../../lib/cli/kustomize/write-output.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-write-output-"));
  mkdirSync(join(folder, "out"));
  symlinkSync("loop", join(folder, "loop"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const id = (group: string, kind: string, name: string, namespace = "", isClusterScoped = false): ResourceId => ({
  group,
  version: "v1",
  kind,
  name,
  namespace,
  isClusterScoped,
});
function built(...ids: readonly ResourceId[]): Pick<KustomizeBuild, "yaml" | "documents"> {
  const documents = ids.map((each) => ({ id: each, yaml: `name: ${each.name}\n` }));
  return { documents: () => documents, yaml: () => documents.map(({ yaml }) => yaml).join("---\n") };
}
const written = (): readonly string[] => readdirSync(join(folder, "out")).toSorted();

describe("a folder gets one file for each object", () => {
  it.each<[string, readonly ResourceId[], readonly string[]]>([
    [
      "without the namespace if there is one",
      [id("", "ConfigMap", "a", "x"), id("apps", "Deployment", "Web", "x")],
      ["apps_v1_deployment_web.yaml", "v1_configmap_a.yaml"],
    ],
    [
      "with the namespace if there are several",
      [id("", "ConfigMap", "a", "X"), id("", "ConfigMap", "a")],
      ["default_v1_configmap_a.yaml", "x_v1_configmap_a.yaml"],
    ],
    [
      "without one for what has none",
      [id("", "ConfigMap", "a", "x"), id("", "ConfigMap", "b", "y"), id("", "Namespace", "x", "ignored", true)],
      ["v1_namespace_x.yaml", "x_v1_configmap_a.yaml", "y_v1_configmap_b.yaml"],
    ],
    [
      "what has none does not count as several",
      [id("", "ConfigMap", "a", "x"), id("", "Namespace", "x", "", true)],
      ["v1_configmap_a.yaml", "v1_namespace_x.yaml"],
    ],
    ["none and default are one namespace", [id("", "ConfigMap", "a"), id("", "ConfigMap", "b", "default")], ["v1_configmap_a.yaml", "v1_configmap_b.yaml"]],
  ])("%s", (_, ids, want) => {
    writeOutput("out", folder, built(...ids));
    expect(written()).toEqual(want);
  });

  it("whose text is that of the object", () => {
    writeOutput(join(folder, "out"), "/nowhere", built(id("", "ConfigMap", "a")));
    expect(readFileSync(join(folder, "out/v1_configmap_a.yaml"), "utf8")).toBe("name: a\n");
  });

  it("also when it is reached by a link", () => {
    symlinkSync("out", join(folder, "link"));
    writeOutput("link", folder, built(id("", "ConfigMap", "a")));
    expect(written()).toEqual(["v1_configmap_a.yaml"]);
  });

  it.each(["../../escaped", "a/b", "a\\b", "a\0b"])("and none outside of it: an object called %j", (name) => {
    expect(() => writeOutput("out", folder, built(id("", "ConfigMap", name)))).toThrow("has a name that cannot be one of a file");
    expect([written(), readdirSync(folder)]).toEqual([[], ["loop", "out"]]);
  });
});

describe("a file gets them all", () => {
  it("in place of what it was", () => {
    for (const name of ["long-name", "b"]) writeOutput("all.yaml", folder, built(id("", "ConfigMap", name), id("", "ConfigMap", "c")));
    expect(readFileSync(join(folder, "all.yaml"), "utf8")).toBe("name: b\n---\nname: c\n");
  });

  it.each([
    ["nope/all.yaml", "open nope/all.yaml: no such file or directory"],
    ["out/x/", "open out/x/: is a directory"],
    ["loop", "open loop: too many levels of symbolic links"],
  ])("or it is said why not: %s", (path, want) => expect(() => writeOutput(path, folder, built(id("", "ConfigMap", "a")))).toThrow(want));
});
