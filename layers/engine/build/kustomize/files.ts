/** What the builder sees of a file system: an artifact in memory, or a folder that is read on demand. Paths are relative to its root, normalised, `""` is the root. */
export type Files = {
  /** The absolute path under which messages show the root, without a slash at its end: `/tmp/kustomization-0`, the folder of a work tree, `""` for `/`. */
  readonly shownRoot: string;
  /** What stands at `path`, after links. */
  at(path: string): "file" | "folder" | "nothing";
  /** Where `path` leads after links; the path itself where there are none. Undefined when it leads out of the root or nowhere. */
  real(path: string): string | undefined;
  /** The bytes of a file; undefined when there is no such file. */
  read(path: string): Uint8Array | undefined;
};

/** Which files a kustomization may read: kubectl's rule (at or below its folder), or Flux's (anything in the tree). Other kustomizations may stand anywhere in the tree. */
export type Restriction = "within-folder" | "within-tree";
