import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolderFiles } from "@sluice/platform/node/folder-files.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findTarget } from "../../../../../lib/cli/kustomize/find-target.ts";

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-find-target-")));
  for (const path of ["repo/.git", "repo/apps/web", "worktree/app", "outer/.git", "outer/inner/.git", "outer/inner/app", "plain/app"])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, "worktree/.git"), "gitdir: ../repo/.git/worktrees/worktree\n");
  writeFileSync(join(folder, "repo/apps/a.yaml"), "");
  symlinkSync("repo/apps", join(folder, "link"));
  symlinkSync("../plain/app", join(folder, "repo/out"));
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("nowhere", join(folder, "dangling"));
});

afterAll(() => folder !== undefined && rmSync(folder, { recursive: true }));

/** `<root> + <path>`, or the problem, without the temporary folder. */
function found(asked: string, at = ""): string {
  const target = findTarget(asked.replace("$", folder), join(folder, at), createFolderFiles);
  const shown = target.ok ? `${target.value.root} + ${target.value.path}` : target.problem;
  return shown.replaceAll(folder, "$").replaceAll(folder.slice(1), "$");
}

const NOT_VALID = "must build at directory: not a valid directory: evalsymlink failure on";
const MISSING = "no such file or directory";

describe("the folder to build", () => {
  it.each<[string, string, string]>([
    ["repo/apps/web", "", "$/repo + apps/web"],
    [".", "repo/apps", "$/repo + apps"],
    [".", "repo", "$/repo + "],
    ["..", "repo/apps/web", "$/repo + apps"],
    ["$/repo/apps/", "plain", "$/repo + apps"],
    ["worktree/app", "", "$/worktree + app"],
    ["outer/inner/app", "", "$/outer/inner + app"],
    ["outer/inner", "", "$/outer/inner + "],
    ["link/web", "", "$/repo + apps/web"],
    ["repo/out", "", "/ + $/plain/app"],
    ["plain/app", "", "/ + $/plain/app"],
    ["/", "", "/ + "],
  ])("%s in %j: %s", (asked, at, want) => expect(found(asked, at)).toBe(want));

  it.each<[string, string]>([
    ["", "must build at directory: directory path cannot be empty"],
    ["nope", `${NOT_VALID} 'nope' : lstat $/nope: ${MISSING}`],
    ["./nope/at/all", `${NOT_VALID} './nope/at/all' : lstat $/nope: ${MISSING}`],
    ["repo/apps/a.yaml", "must build at directory: 'repo/apps/a.yaml': file is not directory"],
    ["repo/apps/a.yaml/b", `${NOT_VALID} 'repo/apps/a.yaml/b' : not a directory`],
    ["loop", `${NOT_VALID} 'loop' : EvalSymlinks: too many links`],
    ["dangling", `${NOT_VALID} 'dangling' : lstat $/nowhere: ${MISSING}`],
    ["a\0b", `${NOT_VALID} 'a\0b' : lstat $/a\0b: invalid argument`],
  ])("%j: %s", (asked, want) => expect(found(asked)).toBe(want));

  it.each<[string, string]>([
    ["https://example.com/org/repo", "https://example.com/org/repo"],
    ["https://user:secret@example.com/org/repo?ref=secret", "https://example.com/org/repo"],
    ["git::https://example.com/org/repo", "git::https://example.com/org/repo"],
    ["ssh://git@example.com/org/repo", "ssh://example.com/org/repo"],
    ["git@github.com:org/repo", "git@github.com:org/repo"],
    ["github.com/org/repo", "github.com/org/repo"],
    ["file:///etc", "file:///etc"],
  ])("%s is remote", (asked, shown) => expect(found(asked)).toBe(`remote directories are not supported: '${shown}'`));
});
