import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildManifests } from "@sluice/engine/build/build-manifests.ts";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { setMetadata } from "@sluice/engine/build/metadata.ts";
import { mergeVariables } from "@sluice/engine/build/variables.ts";
import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { describe, expect, it } from "vitest";
import YAML from "yaml";

/** Each folder is one case: `in/` the repository, `spec.yaml` the spec, `want.yaml` what is applied. Written with `vitest run -u`. */
const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function treeOf(folder: string) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length + 1),
      { bytes: new Uint8Array(readFileSync(join(parentPath, name))), executable: false },
    ]),
  );
}

describe("a built repository", () => {
  const kustomizer = createKustomizer();

  it.each(cases)("%s", async (name) => {
    const folder = join(import.meta.dirname, name);
    const spec = YAML.parse(readFileSync(join(folder, "spec.yaml"), "utf8"));
    const variables = spec.postBuild === undefined ? undefined : mergeVariables([], spec.postBuild.substitute);
    const built = buildManifests({ files: filesOfTree(treeOf(join(folder, "in"))), kustomization: spec, variables }, kustomizer);
    const text =
      built.kind === "built"
        ? `${built.yaml}# applied as\n${setMetadata(built.manifests, { name: "app", namespace: "flux-system" }, spec.commonMetadata)
            .map((manifest) => writeYaml(JSON.parse(JSON.stringify(manifest))))
            .join("---\n")}`
        : `${built.kind}: ${built.message}\n`;
    await expect(text).toMatchFileSnapshot(join(folder, "want.yaml"));
  });
});
