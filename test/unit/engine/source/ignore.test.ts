import type { Tree } from "@sluice/engine/domain/tree.ts";
import { matchesGlob, parseGlob } from "@sluice/engine/source/glob.ts";
import { ignoreFilter } from "@sluice/engine/source/ignore.ts";
import { describe, expect, it } from "vitest";

const tree = (files: { readonly [path: string]: string }): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
const kept = (files: { readonly [path: string]: string }, specIgnore?: string): readonly string[] => {
  const isIgnored = ignoreFilter(tree(files), specIgnore);
  return Object.keys(files).filter((path) => !isIgnored(path, false));
};
const keptOf = (paths: readonly string[], specIgnore?: string): readonly string[] => kept(Object.fromEntries(paths.map((path) => [path, ""])), specIgnore);

/** Source: reference 0.7.2; recorded/sources/ignore-defaults. */
describe("defaults", () => {
  const all = [
    ...[
      "app/.travis.yml",
      "app/.gitlab-ci.yml",
      "app/appveyor.yml",
      "app/.drone.yml",
      "app/cloudbuild.yaml",
      "app/codeship-services.yml",
      "app/codeship-steps.yml",
    ],
    ...[
      "app/.goreleaser.yml",
      "app/.sops.yaml",
      "app/.flux.yaml",
      "app/.github/w.yaml",
      "app/.circleci/w.yaml",
      "app/pictures.png/w.yaml",
      "app/old.tar.gz/w.yaml",
      "a.jpg",
      "b.zip",
    ],
    "app/a.yaml",
  ];
  const vcs = [".gitignore", ".gitattributes", "app/vcs/.gitmodules/w.yaml", "x/.git/config"];
  it("leave out what belongs to Git, media, archives and CI", () => expect(keptOf([...all, ...vcs])).toEqual(["app/a.yaml"]));
  it.each(["/nothing\n", "!nothing"])("but for Git's own, fall with any pattern: %j", (ignore) => expect(keptOf([...all, ...vcs], ignore)).toEqual(all));
  it.each(["# no pattern\n", "  \n\n", ""])("stay where there is no pattern: %j", (ignore) => expect(keptOf([...all, ...vcs], ignore)).toEqual(["app/a.yaml"]));
  it("fall with a pattern in a .sourceignore file too", () =>
    expect(kept({ "a.jpg": "", "deep/.sourceignore": "x.yaml", "deep/x.yaml": "", "x.yaml": "" })).toEqual(["a.jpg", "deep/.sourceignore", "x.yaml"]));
});

describe("patterns", () => {
  const paths = ["a.yaml", "dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml", "dirt/x", "file"];
  it.each([
    { ignore: "a.yaml", want: ["dir/keep.yaml", "dirt/x", "file"] },
    { ignore: "/a.yaml", want: ["dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml", "dirt/x", "file"] },
    { ignore: "dir", want: ["a.yaml", "dirt/x", "file"] },
    { ignore: "dir/", want: ["a.yaml", "dirt/x", "file"] },
    { ignore: "file/", want: paths },
    { ignore: "dir/*", want: ["a.yaml", "dirt/x", "file"] },
    { ignore: "dir/*.yaml", want: ["a.yaml", "dir/sub/a.yaml", "dirt/x", "file"] },
    { ignore: "**/sub", want: ["a.yaml", "dir/a.yaml", "dir/keep.yaml", "dirt/x", "file"] },
    { ignore: "dir/**/a.yaml", want: ["a.yaml", "dir/keep.yaml", "dirt/x", "file"] },
    { ignore: "dir/**", want: ["a.yaml", "dirt/x", "file"] },
    { ignore: "/*\n!/dir", want: ["dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml"] },
    { ignore: "/*\n!dir/keep.yaml", want: ["dir/keep.yaml"] },
    { ignore: "*\n!a.yaml", want: ["a.yaml", "dir/a.yaml", "dir/sub/a.yaml"] },
    { ignore: "!a.yaml\n*", want: [] },
    { ignore: "dir?/x", want: ["a.yaml", "dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml", "file"] },
    { ignore: "[a-e].yaml", want: ["dir/keep.yaml", "dirt/x", "file"] },
    { ignore: "file   ", want: ["a.yaml", "dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml", "dirt/x"] },
    { ignore: "file\r\n", want: ["a.yaml", "dir/a.yaml", "dir/sub/a.yaml", "dir/keep.yaml", "dirt/x"] },
    { ignore: " #file", want: paths },
    { ignore: "[", want: paths },
    { ignore: "a**b/c", want: paths },
  ])("$ignore", ({ ignore, want }) => expect(keptOf(paths, ignore)).toEqual(want));

  it("of a .sourceignore file are for its folder; the inner one and spec.ignore come later", () => {
    const files = {
      ".sourceignore": "*.txt",
      "a.txt": "",
      "in/.sourceignore": "!b.txt\n/c.yaml",
      "in/b.txt": "",
      "in/c.yaml": "",
      "c.yaml": "",
      "in/deep/c.yaml": "",
    };
    expect(kept(files)).toEqual([".sourceignore", "in/.sourceignore", "in/b.txt", "c.yaml", "in/deep/c.yaml"]);
    expect(kept(files, "b.txt")).toEqual([".sourceignore", "in/.sourceignore", "c.yaml", "in/deep/c.yaml"]);
  });
});

describe("globs", () => {
  it.each([
    ["*", "anything", true],
    ["a*b*c", "axxbyyc", true],
    ["a*b*c", "axxbyy", false],
    ["?", "ü", true],
    ["[^a]", "b", true],
    ["[^a]", "a", false],
    ["[a-c]x", "bx", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["", "", true],
  ])("%s against %s: %s", (glob, text, want) => expect(matchesGlob(parseGlob(glob) ?? [], text)).toBe(want));
  it.each(["[", "[a", "[]a]", "[a-]", "a\\"])("%s is malformed", (glob) => expect(parseGlob(glob)).toBeUndefined());
  it("of many stars end soon on a text that nearly matches", () => {
    expect(matchesGlob(parseGlob(`${"a*".repeat(40)}b`) ?? [], "a".repeat(4000))).toBe(false);
  });
});
