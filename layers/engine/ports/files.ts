/** A file system as the builder sees it: an artifact in memory, or a folder that is read on demand. Paths are relative to its root, normalised, `""` is the root. */
export type Files = {
  /** The absolute path under which messages show the root, without a slash at its end: `/tmp/kustomization-0`, the folder of a work tree, `""` for `/`. */
  readonly shownRoot: string;
  /** What stands at `path`, after links. */
  at(path: string): "file" | "folder" | "nothing";
  /** Where `path` leads after links; the path itself where there are none. Undefined when it leads out of the root or nowhere. */
  real(path: string): string | undefined;
  /** The bytes of a file; undefined when there is no such file, or it may not be read. */
  read(path: string): Uint8Array | undefined;
  /** Why there is nothing at `path`, or nothing to read; undefined where it is just not there. */
  trouble?(path: string): FileTrouble | undefined;
};

export type FileTrouble =
  /** Links lead out of the root. */
  | { readonly kind: "outside" }
  /** In the system's words: when it is opened (`permission denied`), and when links are followed (`lstat /srv/app/x: permission denied`). */
  | { readonly kind: "unreadable"; readonly opening: string; readonly following: string };
