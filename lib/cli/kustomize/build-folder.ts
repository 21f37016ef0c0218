import { join, relative } from "node:path";
import { createKustomizer, KUBECTL, type KustomizeBuild, type KustomizeInput } from "@sluice/engine/build/kustomize/build.ts";
import { type Place, placeText } from "@sluice/engine/domain/place.ts";
import type { Files } from "@sluice/engine/ports/files.ts";
import type { Target } from "./find-target.ts";

export type FolderBuild = {
  readonly target: Target;
  readonly restriction: KustomizeInput["restriction"];
  readonly order: KustomizeInput["manner"]["order"];
  /** Paths of messages that only we have are relative to it. */
  readonly workingFolder: string;
};

export type BuiltFolder =
  | { readonly kind: "built"; readonly warnings: readonly string[]; readonly build: KustomizeBuild }
  /** `message` is kustomize's, `place` where the cause stands. */
  | { readonly kind: "failed"; readonly warnings: readonly string[]; readonly message: string; readonly place: string | undefined };

/** What the kustomization in a folder of this machine makes. */
export function buildFolder({ target, restriction, order, workingFolder }: FolderBuild, folderFiles: (root: string) => Files): BuiltFolder {
  const { root, path } = target;
  const built = createKustomizer({ keptBytes: 0 }).build({ files: folderFiles(root), path, restriction, manner: { ...KUBECTL, order } });
  if (built.ok) return { kind: "built", warnings: built.value.warnings, build: built.value };
  const { message, at, warnings } = built.problem;
  return { kind: "failed", warnings, message, place: at === undefined ? undefined : placeFrom(workingFolder, root, at) };
}

/** The place as somebody in the working folder can open it. */
export const placeFrom = (workingFolder: string, root: string, place: Place): string =>
  placeText({ ...place, file: relative(workingFolder, join(root, place.file)) });
