import { join, parse, relative, resolve, sep } from "node:path";
import { isRepository, withoutCredentials } from "@sluice/engine/build/kustomize/load/remote.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Files } from "@sluice/engine/ports/files.ts";

/** Where to build: `path` in the folder `root`, which is as much of this machine as the build can see. */
export type Target = { readonly root: string; readonly path: string };

const URL_LIKE = /^(?:git::|[a-z]+:\/\/)/i;

/**
 * The folder that a command line names, after links, and the Git work tree around it, or the whole machine where there is none. The problem is what
 * kubectl says. Source: kustomize kyaml/filesys, ConfirmDir.
 */
export function findTarget(folder: string, workingFolder: string, folderFiles: (root: string) => Files): Result<Target> {
  if (isRepository(folder) || URL_LIKE.test(folder)) return problem(`remote directories are not supported: '${withoutCredentials(folder)}'`);
  if (folder === "") return problem("must build at directory: directory path cannot be empty");
  const asked = resolve(workingFolder, folder);
  const top = parse(asked).root;
  const machine = folderFiles(top);
  const path = relative(top, asked).split(sep).join("/");
  const real = machine.real(path);
  if (real === undefined)
    return problem(`must build at directory: not a valid directory: evalsymlink failure on '${folder}' : ${reason(machine, path, asked)}`);
  if (machine.at(path) === "file") return problem(`must build at directory: '${folder}': file is not directory`);
  const workTree = foldersAbove(real).find((above) => machine.at(above === "" ? ".git" : `${above}/.git`) !== "nothing");
  if (workTree === undefined) return ok({ root: top, path: real });
  return ok({ root: join(top, workTree), path: real.slice(workTree === "" ? 0 : workTree.length + 1) });
}

function reason(machine: Files, path: string, asked: string): string {
  const trouble = machine.trouble?.(path);
  return trouble?.kind === "unreadable" ? trouble.following : `lstat ${asked}: no such file or directory`;
}

/** `a/b` → `a/b`, `a`, ``. */
function foldersAbove(path: string): readonly string[] {
  const parts = path === "" ? [] : path.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}
