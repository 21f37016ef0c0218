import { ok, problem, type Result } from "../../domain/result.ts";
import type { Tree } from "../../domain/tree.ts";
import { unpackWithFolders } from "../unarchive.ts";

/** An unpacked artifact, as paths are looked up in it. */
export type ArtifactFiles = { readonly tree: Tree; at(path: string): "file" | "folder" | "nothing" | "below a file" };

export function openArtifactFiles(bytes: Uint8Array): Result<ArtifactFiles> {
  const unpacked = unpackWithFolders(bytes);
  if (!unpacked.ok) return problem(unpacked.problem);
  return ok(artifactFilesOf(unpacked.value.tree, unpacked.value.folders));
}

/** `empty`: folders that may have no files in them. */
export function artifactFilesOf(tree: Tree, empty: Iterable<string> = []): ArtifactFiles {
  const folders = new Set(["", ...empty]);
  for (const path of tree.keys()) for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) folders.add(path.slice(0, end));
  return {
    tree,
    at: (path) => {
      if (tree.has(path)) return "file";
      if (folders.has(path)) return "folder";
      for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) if (tree.has(path.slice(0, end))) return "below a file";
      return "nothing";
    },
  };
}

/** The files below a folder, by their paths relative to it. */
export function filesBelow(tree: Tree, folder: string): Tree {
  if (folder === "") return tree;
  return new Map([...tree].flatMap(([path, file]) => (path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), file] as const] : [])));
}
