import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { isObject, type JsonObject } from "@sluice/engine/domain/json.ts";
import { templateTree } from "./template-ours.ts";
import { templateFolder } from "./template-with-helm.ts";

export type CompareFolders = { readonly helm: string; readonly folders: readonly string[]; readonly say: (line: string) => void };

/**
 * Charts in folders of this machine, with their own values and with each file of `ci/`, beside helm; how many renders differ. What charts draw by chance is
 * different each time, and so are nulls in values.yaml, which Helm 4.2 drops: somebody has to look at what is said.
 */
export async function compareFolders({ helm, folders, say }: CompareFolders): Promise<number> {
  let [renders, different] = [0, 0];
  for (const folder of folders) {
    const files = await readAll(folder);
    const valuesFiles = [...files.keys()].filter((path) => /^ci\/[^/]*\.ya?ml$/.test(path)).map((path) => join(folder, path));
    for (const file of [undefined, ...valuesFiles]) {
      const theirs = await templateFolder(helm, folder, file);
      const ours = templateTree(files, { values: file === undefined ? {} : await readValuesFile(file) });
      renders++;
      if (ours.trim() === theirs.trim().replaceAll("\r", "")) continue;
      different++;
      say(`${folder}${file === undefined ? "" : ` with ${relative(folder, file)}`}: ${firstDifference(theirs, ours)}`);
    }
  }
  say(`${folders.length} folders, ${renders} renders, ${different} different`);
  return different;
}

async function readAll(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return new Map(await Promise.all(paths.map(async (path) => [path, new Uint8Array(await readFile(join(folder, path)))] as const)));
}

async function readValuesFile(file: string): Promise<JsonObject> {
  const read = readYaml(await readFile(file, "utf8"), "last wins");
  const [first] = read.ok ? read.value : [];
  return isObject(first) ? first : {};
}

function firstDifference(theirs: string, ours: string): string {
  const [left, right] = [theirs.trim().split("\n"), ours.trim().split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  const index = at < 0 ? left.length : at;
  return `line ${index + 1}\n  helm: ${left[index] ?? ""}\n  ours: ${right[index] ?? ""}`;
}
