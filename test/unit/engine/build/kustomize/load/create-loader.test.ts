import type { Files, FileTrouble, Restriction } from "@sluice/engine/build/kustomize/files.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { type LoadingRun, rootLoader } from "@sluice/engine/build/kustomize/load/create-loader.ts";
import type { Loader } from "@sluice/engine/build/kustomize/load/loader.ts";
import { describe, expect, it } from "vitest";

const PATHS = ["app/a.yaml", "app/deep/b.yaml", "base/c.yaml", "apple/d.yaml", "r.yaml"];
/** Where these lead; `undefined` is out of the root. */
const LINKS: { readonly [path: string]: string | undefined } = {
  "app/link.yaml": "app/a.yaml",
  "app/to-base.yaml": "base/c.yaml",
  "app/base": "base",
  "app/up": "",
  "app/out": undefined,
  "app/out.yaml": undefined,
};
const LOOP: FileTrouble = { kind: "unreadable", opening: "too many levels of symbolic links", following: "EvalSymlinks: too many links" };
const DENIED: FileTrouble = { kind: "unreadable", opening: "permission denied", following: "permission denied" };

/** A tree with links, a loop, and a file that may not be read. */
function filesWithLinks(): Files {
  const tree = filesOfTree(new Map(PATHS.map((path) => [path, { bytes: new TextEncoder().encode(path), executable: false }])), [], "/t");
  const real = (path: string): string | undefined => (path in LINKS ? LINKS[path] : path === "app/loop" ? undefined : tree.real(path));
  const follow = <Value>(path: string, ask: (path: string) => Value, nothing: Value): Value => {
    const end = real(path);
    return end === undefined ? nothing : ask(end);
  };
  return {
    shownRoot: "/t",
    at: (path) => (path === "app/secret.yaml" ? "file" : follow(path, tree.at, "nothing")),
    real: (path) => (path === "app/secret.yaml" ? path : real(path)),
    read: (path) => follow(path, tree.read, undefined),
    trouble: (path) =>
      path in LINKS && LINKS[path] === undefined ? { kind: "outside" } : path === "app/loop" ? LOOP : path === "app/secret.yaml" ? DENIED : undefined,
  };
}

const runWith = (restriction: Restriction, files: Files = filesWithLinks()): LoadingRun => ({ files, restriction, read: new Set(), missed: new Set() });

function opened(run: LoadingRun, ...path: readonly string[]): Loader {
  const [first = "", ...rest] = path;
  let loader = rootLoader(run, first);
  for (const next of rest) loader = loader.ok ? loader.value.open(next) : loader;
  if (!loader.ok) throw new Error(loader.problem.message);
  return loader.value;
}

function loaded(restriction: Restriction, path: string): string {
  const result = opened(runWith(restriction), "app").load(path);
  return result.ok ? `${result.value.path}: ${new TextDecoder().decode(result.value.bytes)}` : result.problem.message;
}

const notBelow = (path: string): string => `security; file '/t/${path}' is not in or below '/t/app'`;
const constraint = (doing: string, path: string): string => `fs-security-constraint ${doing} ${path}: path '${path}' is not in or below '/t'`;

describe("a file", () => {
  it.each<[path: string, belowItsFolder: string, anywhere: string]>([
    ["a.yaml", "app/a.yaml: app/a.yaml", "app/a.yaml: app/a.yaml"],
    ["./deep/../a.yaml", "app/a.yaml: app/a.yaml", "app/a.yaml: app/a.yaml"],
    ["deep/b.yaml", "app/deep/b.yaml: app/deep/b.yaml", "app/deep/b.yaml: app/deep/b.yaml"],
    ["/t/app/a.yaml", "app/a.yaml: app/a.yaml", "app/a.yaml: app/a.yaml"],
    ["../base/c.yaml", notBelow("base/c.yaml"), "base/c.yaml: base/c.yaml"],
    ["../apple/d.yaml", notBelow("apple/d.yaml"), "apple/d.yaml: apple/d.yaml"],
    ["/t/r.yaml", notBelow("r.yaml"), "r.yaml: r.yaml"],
    ["link.yaml", "app/a.yaml: app/a.yaml", "app/link.yaml: app/a.yaml"],
    ["to-base.yaml", notBelow("app/to-base.yaml"), "app/to-base.yaml: base/c.yaml"],
    [
      "nope.yaml",
      "evalsymlink failure on '/t/app/nope.yaml' : lstat /t/app/nope.yaml: no such file or directory",
      "open /t/app/nope.yaml: no such file or directory",
    ],
    [
      "nope/at.yaml",
      "evalsymlink failure on '/t/app/nope/at.yaml' : lstat /t/app/nope: no such file or directory",
      "open /t/app/nope/at.yaml: no such file or directory",
    ],
    ["a.yaml/b", "evalsymlink failure on '/t/app/a.yaml/b' : not a directory", "open /t/app/a.yaml/b: not a directory"],
    ["deep", "'/t/app/deep' must resolve to a file", "read /t/app/deep: is a directory"],
    ["loop", "evalsymlink failure on '/t/app/loop' : EvalSymlinks: too many links", "open /t/app/loop: too many levels of symbolic links"],
    ["secret.yaml", "open /t/app/secret.yaml: permission denied", "open /t/app/secret.yaml: permission denied"],
    ["out.yaml", notBelow("app/out.yaml"), constraint("read", "/t/app/out.yaml")],
    ["/etc/passwd", "security; file '/etc/passwd' is not in or below '/t/app'", constraint("read", "/etc/passwd")],
    ["../../etc/passwd", "security; file '/etc/passwd' is not in or below '/t/app'", constraint("read", "/etc/passwd")],
    [
      "https://user:secret@example.com/a?token=secret",
      "remote bases and files are not supported: 'https://example.com/a' in the kustomization of /t/app",
      "remote bases and files are not supported: 'https://example.com/a' in the kustomization of /t/app",
    ],
  ])("%s", (path, belowItsFolder, anywhere) => {
    expect([loaded("within-folder", path), loaded("within-tree", path)]).toEqual([belowItsFolder, anywhere]);
  });

  it("is noted when it is read, and when it is not there", () => {
    const run = runWith("within-folder");
    const loader = opened(run, "app");
    for (const path of ["a.yaml", "link.yaml", "nope.yaml", "../base/c.yaml", "out.yaml"]) loader.load(path);
    expect([[...run.read], [...run.missed]]).toEqual([["app/a.yaml"], ["app/nope.yaml"]]);
  });
});

describe("another kustomization", () => {
  it.each<[from: readonly string[], path: string, root: string]>([
    [["app"], "../base", "base"],
    [["app"], "deep", "app/deep"],
    [["app"], "base", "base"],
    [["app", "deep"], "../../apple/", "apple"],
    [[""], "app", "app"],
  ])("from %j, %s is %s", (from, path, root) => {
    const loader = opened(runWith("within-folder"), ...from, path);
    expect([loader.root, loader.shownRoot]).toEqual([root, `/t/${root}`]);
  });

  it.each<[from: readonly string[], path: string, problem: string]>([
    [["app"], "", "new root cannot be empty"],
    [["app"], "/t/base", "new root '/t/base' cannot be absolute"],
    [["app"], ".", "cycle detected: candidate root '/t/app' contains visited root '/t/app'"],
    [["app"], "..", "cycle detected: candidate root '/t' contains visited root '/t/app'"],
    [["app"], "up", "cycle detected: candidate root '/t' contains visited root '/t/app'"],
    [["app", "../base"], "../app", "cycle detected: candidate root '/t/app' contains visited root '/t/app'"],
    [["app/deep", "../../base"], "../app", "cycle detected: candidate root '/t/app' contains visited root '/t/app/deep'"],
    [["app"], "a.yaml", "must build at directory: '/t/app/a.yaml': file is not directory"],
    [["app"], "nope", "must build at directory: not a valid directory: evalsymlink failure on '/t/app/nope' : lstat /t/app/nope: no such file or directory"],
    [["app"], "loop", "must build at directory: not a valid directory: evalsymlink failure on '/t/app/loop' : EvalSymlinks: too many links"],
    [["app"], "out", "must build at directory: not a valid directory: evalsymlink failure on '/t/app/out' : lstat /t/app/out: no such file or directory"],
    [
      ["app"],
      "../../elsewhere",
      "must build at directory: not a valid directory: evalsymlink failure on '/elsewhere' : lstat /elsewhere: no such file or directory",
    ],
    [["app"], "../..", `must build at directory: not a valid directory: ${constraint("abs", "/")}`],
    [["app"], "github.com/org/repo", "remote bases and files are not supported: 'github.com/org/repo' in the kustomization of /t/app"],
  ])("from %j, %j is refused", (from, path, problem) => {
    const result = opened(runWith("within-tree"), ...from).open(path);
    expect(result.ok || result.problem.message).toBe(problem);
  });

  it("may be nested deeply, and not without end", () => {
    const path = Array.from({ length: 300 }, (_, index) => `d${index}`);
    const files = filesOfTree(new Map([[`${path.join("/")}/a`, { bytes: new Uint8Array(), executable: false }]]), [], "/t");
    expect(opened(runWith("within-tree", files), ...path.slice(0, 200)).root).toContain("d199");
    expect(() => opened(runWith("within-tree", files), ...path)).toThrow("more than 200 kustomizations inside of each other");
  });
});

it("the folder to build must be there", () => {
  const at = (path: string): unknown => rootLoader(runWith("within-tree"), path);
  expect(at("nope")).toMatchObject({
    problem: { message: "must build at directory: not a valid directory: evalsymlink failure on '/t/nope' : lstat /t/nope: no such file or directory" },
  });
  expect(at("r.yaml")).toMatchObject({ problem: { message: "must build at directory: '/t/r.yaml': file is not directory" } });
});
