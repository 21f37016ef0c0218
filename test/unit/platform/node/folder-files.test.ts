import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Files } from "@sluice/engine/ports/files.ts";
import { createFolderFiles } from "@sluice/platform/node/folder-files.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
let root: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "sluice-folder-files-")));
  chmodSync(folder, 0o755);
  root = join(folder, "root");
  for (const path of ["root/app/deep", "root/base", "root/locked", "outside", "root-beside"]) mkdirSync(join(folder, path), { recursive: true });
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write("root/app/a.yaml", "a");
  write("root/app/odd name'\"\\ü\n.yaml", "odd");
  write("root/app/secret.yaml", "secret");
  write("root/app/large.yaml", "x".repeat(101));
  write("root/app/full.yaml", "x".repeat(100));
  write("root/app/empty.yaml", "");
  write("root/base/b.yaml", "b");
  write("root/locked/l.yaml", "l");
  write("outside/o.yaml", "o");
  write("root-beside/s.yaml", "s");
  const link = (target: string, path: string): void => symlinkSync(target, join(folder, path));
  link("a.yaml", "root/app/link.yaml");
  link("link.yaml", "root/app/link-of-link.yaml");
  link("../base", "root/app/link-to-base");
  link(join(root, "base/b.yaml"), "root/app/absolute.yaml");
  link("../../outside/o.yaml", "root/app/out.yaml");
  link("../../outside", "root/app/out");
  link("../..", "root/app/above");
  link("../../root-beside/s.yaml", "root/app/beside.yaml");
  link("/etc/passwd", "root/app/passwd");
  link("/", "root/app/slash");
  link("../root/app", "outside/back");
  link("../../outside/back/a.yaml", "root/app/there-and-back.yaml");
  link("loop", "root/app/loop");
  link("ring-b", "root/app/ring-a");
  link("ring-a", "root/app/ring-b");
  link("nowhere/at/all", "root/app/dangling.yaml");
  link("link-to-base/../app/a.yaml", "root/app/through.yaml");
  link("/dev/zero", "root/app/zero");
  link("root", "link-to-root");
  execFileSync("mkfifo", [join(root, "app/fifo.yaml")]);
  chmodSync(join(root, "app/secret.yaml"), 0);
  chmodSync(join(root, "locked"), 0);
});

afterAll(() => {
  if (folder === undefined) return;
  chmodSync(join(root, "locked"), 0o700);
  rmSync(folder, { recursive: true });
});

/** Root may read everything, so the question is asked as somebody else. */
function asNobody<Value>(ask: () => Value): Value {
  if (process.geteuid?.() !== 0) return ask();
  process.seteuid?.(65534);
  try {
    return ask();
  } finally {
    process.seteuid?.(0);
  }
}

const text = (bytes: Uint8Array | undefined): string | undefined => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));

/** What a view says of a path: place, where it leads, what is read, what is wrong. */
function said(files: Files, path: string): string {
  const trouble = files.trouble?.(path);
  const words = trouble === undefined ? "" : trouble.kind === "outside" ? "outside" : `${trouble.opening} | ${trouble.following.replaceAll(root, "")}`;
  return [files.at(path), files.real(path) ?? "-", JSON.stringify(text(files.read(path))) ?? "-", words].join(" ").trimEnd();
}

const MISSING = "no such file or directory";
const LOOP = "too many levels of symbolic links | EvalSymlinks: too many links";

describe("a folder as files", () => {
  it.each<[string, string]>([
    ["", "folder  - is a directory | is a directory"],
    ["app", "folder app - is a directory | is a directory"],
    ["app/a.yaml", 'file app/a.yaml "a"'],
    ["app/empty.yaml", 'file app/empty.yaml ""'],
    ["app/odd name'\"\\ü\n.yaml", `file app/odd name'"\\ü\n.yaml "odd"`],
    ["app/nope.yaml", `nothing - - ${MISSING} | lstat /app/nope.yaml: ${MISSING}`],
    ["app/nope/at/all.yaml", `nothing - - ${MISSING} | lstat /app/nope: ${MISSING}`],
    ["app/a.yaml/x", "nothing - - not a directory | not a directory"],
    ["app/a\0b", "nothing - - invalid argument | lstat /app/a\0b: invalid argument"],
    [`app/${"x".repeat(256)}`, `nothing - - file name too long | lstat /app/${"x".repeat(256)}: file name too long`],
    ["__proto__", `nothing - - ${MISSING} | lstat /__proto__: ${MISSING}`],
  ])("%j", (path, want) => expect(said(createFolderFiles(root), path)).toBe(want));

  it.each<[string, string]>([
    ["app/link.yaml", 'file app/a.yaml "a"'],
    ["app/link-of-link.yaml", 'file app/a.yaml "a"'],
    ["app/link-to-base", "folder base - is a directory | is a directory"],
    ["app/link-to-base/b.yaml", 'file base/b.yaml "b"'],
    ["app/absolute.yaml", 'file base/b.yaml "b"'],
    ["app/through.yaml", 'file app/a.yaml "a"'],
    ["app/there-and-back.yaml", 'file app/a.yaml "a"'],
    ["app/loop", `nothing - - ${LOOP}`],
    ["app/loop/x", `nothing - - ${LOOP}`],
    ["app/ring-a", `nothing - - ${LOOP}`],
    ["app/dangling.yaml", `nothing - - ${MISSING} | lstat /app/nowhere: ${MISSING}`],
    ["app/link.yaml/x", "nothing - - not a directory | not a directory"],
  ])("follows links: %s", (path, want) => expect(said(createFolderFiles(root), path)).toBe(want));

  it.each([
    "app/out.yaml",
    "app/out",
    "app/out/o.yaml",
    "app/above",
    "app/above/outside/o.yaml",
    "app/beside.yaml",
    "app/passwd",
    "app/slash",
    "app/slash/etc/passwd",
    "app/zero",
    "..",
    "../outside/o.yaml",
  ])("has nothing of what lies outside: %s", (path) => expect(said(createFolderFiles(root), path)).toBe("nothing - - outside"));

  it("has a folder again where links lead back into it", () => {
    expect(said(createFolderFiles(root), "app/above/root/app/a.yaml")).toBe('file app/a.yaml "a"');
  });

  it.each<[string, string]>([
    ["app/secret.yaml", "file app/secret.yaml - permission denied | permission denied"],
    ["locked", "folder locked - is a directory | is a directory"],
    ["locked/l.yaml", "nothing - - permission denied | lstat /locked/l.yaml: permission denied"],
    ["app/fifo.yaml", "file app/fifo.yaml - not a regular file | not a regular file"],
    ["app/large.yaml", "file app/large.yaml - file too large | file too large"],
    ["app/full.yaml", `file app/full.yaml "${"x".repeat(100)}"`],
  ])("says what cannot be read: %s", (path, want) => {
    expect(asNobody(() => said(createFolderFiles(root, { maxFile: 100 }), path))).toBe(want);
  });

  it("does not wait for a device", () => expect(said(createFolderFiles("/"), "dev/zero")).toBe("file dev/zero - not a regular file | not a regular file"));

  it("shows where a root that is a link leads, and no slash at its end", () => {
    expect(createFolderFiles(join(folder, "link-to-root")).shownRoot).toBe(root);
    expect(createFolderFiles(`${root}/`).shownRoot).toBe(root);
    expect(createFolderFiles("/").shownRoot).toBe("");
  });

  it("reads the whole machine from its root", () => {
    const files = createFolderFiles("/");
    expect(text(files.read(join(root, "app/out.yaml").slice(1)))).toBe("o");
    expect(files.real(join(root, "app/out.yaml").slice(1))).toBe(join(folder, "outside/o.yaml").slice(1));
  });

  it("is of one moment: what was looked at stays", () => {
    const files = createFolderFiles(root);
    expect(files.at("app/later.yaml")).toBe("nothing");
    writeFileSync(join(root, "app/later.yaml"), "later");
    expect([files.at("app/later.yaml"), createFolderFiles(root).at("app/later.yaml")]).toEqual(["nothing", "file"]);
  });

  it("reads no link that has taken the place of a file", () => {
    const path = join(root, "app/changing.yaml");
    writeFileSync(path, "mine");
    const files = createFolderFiles(root);
    expect(files.at("app/changing.yaml")).toBe("file");
    rmSync(path);
    symlinkSync(join(folder, "outside/o.yaml"), path);
    expect(said(files, "app/changing.yaml")).toBe("file app/changing.yaml - too many levels of symbolic links | too many levels of symbolic links");
  });

  it.each(["nope", "app/a.yaml"])("is made of folders only: %s", (path) => expect(() => createFolderFiles(join(root, path))).toThrow("not a folder"));
});
