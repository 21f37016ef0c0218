export type { Files, FileTrouble } from "../../ports/files.ts";

/** Which files a kustomization may read: kubectl's rule (at or below its folder), or Flux's (anything in the tree). Other kustomizations may stand anywhere in the tree. */
export type Restriction = "within-folder" | "within-tree";
