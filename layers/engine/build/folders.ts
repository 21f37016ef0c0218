import { posix } from "node:path/posix";
import type { Tree } from "../domain/tree.ts";
import { byBytes } from "./text/by-bytes.ts";

/** What a tree looks like to somebody who walks through folders. */
export type Folders = {
  /** What stands at `path` (`""` is the root). */
  at(path: string): "file" | "folder" | "nothing";
  /** Names in a folder, in the order of their bytes. */
  names(path: string): readonly string[];
};

/** `empty` names folders that hold no file, which an archive may have and a tree cannot show. */
export function createFolders(tree: Tree, empty: Iterable<string> = []): Folders {
  const children = new Map<string, Set<string>>([["", new Set()]]);
  const add = (path: string): void => {
    for (let at = path; at !== ""; ) {
      const parent = parentOf(at);
      const name = at.slice(parent === "" ? 0 : parent.length + 1);
      const names = children.get(parent);
      if (names?.add(name) !== undefined) return; // a folder that is known stands in those above it
      children.set(parent, new Set([name]));
      at = parent;
    }
  };
  for (const path of tree.keys()) add(path);
  for (const path of empty) {
    add(path);
    if (path !== "" && !children.has(path)) children.set(path, new Set());
  }
  return {
    at: (path) => (tree.has(path) ? "file" : children.has(path) ? "folder" : "nothing"),
    names: (path) => [...(children.get(path) ?? [])].toSorted(byBytes),
  };
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

/** `path` below the folder `folder`, as a path of the tree; it may begin with `..` when it leaves it. */
export const resolvePath = (folder: string, path: string): string => {
  const joined = posix.normalize(posix.join(folder === "" ? "." : folder, path)).replace(/\/+$/, "");
  return joined === "." ? "" : joined;
};

/** `spec.path` as a folder of the tree: a leading slash means the root, and `..` never leads out of it. Source: recording build/path-forms. */
export const rootedPath = (path: string): string => posix.normalize(posix.join("/", path)).replace(/^\/+|\/+$/g, "");
