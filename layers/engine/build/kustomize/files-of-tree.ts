import { BUILD_ROOT } from "../../domain/build-root.ts";
import type { Tree } from "../../domain/tree.ts";
import type { Files } from "../../ports/files.ts";
import { createFolders, type Folders } from "../folders.ts";

export type TreeFiles = Files & Folders & { readonly tree: Tree };

/**
 * An artifact in memory. A tree has neither links nor files that cannot be read. `emptyFolders` are those that hold no file, which a tree cannot
 * show; `shownRoot` is what messages say of the root.
 */
export function filesOfTree(tree: Tree, emptyFolders: Iterable<string> = [], shownRoot: string = BUILD_ROOT): TreeFiles {
  const folders = createFolders(tree, emptyFolders);
  return {
    ...folders,
    tree,
    shownRoot,
    real: (path) => (folders.at(path) === "nothing" ? undefined : path),
    read: (path) => tree.get(path)?.bytes,
  };
}
