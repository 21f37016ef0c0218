import { normalize } from "node:path/posix";
import { CHECKOUT_ROOT } from "../domain/build-root.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";

/**
 * The part of `tree` below the named folders. They are compared as prefixes of the text (`app` brings `apple/` too), so files of the root
 * are left out; a folder that is not there is an error. Source: reference 1.2.
 */
export function sparseTree(tree: Tree, folders: readonly string[]): Result<Tree> {
  const prefixes = folders.map((folder) => normalize(folder).replace(/^\/+/, "").replace(/\/+$/, ""));
  const all = prefixes.includes(".") || prefixes.includes("");
  for (const [index, prefix] of prefixes.entries()) {
    if (all || tree.has(prefix) || hasFolder(tree, prefix)) continue;
    return problem(`sparse checkout dir '${folders[index]}' does not exist in repository: lstat ${CHECKOUT_ROOT}/${prefix}: no such file or directory`);
  }
  return ok(
    all ? tree : new Map([...tree].filter(([path]) => (path.includes("/") && prefixes.some((prefix) => path.startsWith(prefix))) || prefixes.includes(path))),
  );
}

export function hasFolder(tree: Tree, folder: string): boolean {
  for (const path of tree.keys()) if (path.startsWith(`${folder}/`)) return true;
  return false;
}
