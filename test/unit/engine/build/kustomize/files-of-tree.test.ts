import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { withFile } from "@sluice/engine/build/kustomize/with-file.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { describe, expect, it } from "vitest";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array | undefined): string | undefined => (read === undefined ? undefined : new TextDecoder().decode(read));
const tree: Tree = new Map(
  Object.entries({ "a.yaml": "a", "apps/web/b.yaml": "b", "apps/web/c.yaml": "c" }).map(([path, said]) => [path, { bytes: bytes(said), executable: false }]),
);
const files = filesOfTree(tree, ["empty/one", "apps/none"]);

describe("a tree as files", () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ["", "folder", "", undefined],
    ["a.yaml", "file", "a.yaml", "a"],
    ["apps", "folder", "apps", undefined],
    ["apps/web", "folder", "apps/web", undefined],
    ["apps/web/b.yaml", "file", "apps/web/b.yaml", "b"],
    ["empty", "folder", "empty", undefined],
    ["empty/one", "folder", "empty/one", undefined],
    ["apps/none", "folder", "apps/none", undefined],
    ["nope", "nothing", undefined, undefined],
    ["a.yaml/b", "nothing", undefined, undefined],
    ["..", "nothing", undefined, undefined],
    ["__proto__", "nothing", undefined, undefined],
  ])("%j", (path, place, real, said) => {
    expect([files.at(path), files.real(path), text(files.read(path)), files.trouble?.(path)]).toEqual([place, real, said, undefined]);
  });

  it("shows the root that Flux's messages show, unless it is told another", () => {
    expect([files.shownRoot, filesOfTree(tree, [], "").shownRoot]).toEqual(["/tmp/kustomization-0", ""]);
  });

  it.each([
    ["", ["a.yaml", "apps", "empty"]],
    ["apps", ["none", "web"]],
    ["apps/web", ["b.yaml", "c.yaml"]],
    ["empty/one", []],
    ["nope", []],
  ])("has in %j: %j", (path, names) => expect(files.names(path)).toEqual(names));
});

describe("files with one more", () => {
  it.each<[string, string, string, string | undefined]>([
    ["in place of one", "a.yaml", "file", "new"],
    ["beside others", "apps/kustomization.yaml", "file", "new"],
    ["in an empty folder", "empty/one/kustomization.yaml", "file", "new"],
  ])("%s", (_, path, place, said) => {
    const seen = withFile(files, path, bytes("new"));
    expect([seen.at(path), seen.real(path), text(seen.read(path))]).toEqual([place, path, said]);
    expect([seen.shownRoot, seen.at("apps/web"), seen.real("nope"), text(seen.read("apps/web/b.yaml"))]).toEqual([
      "/tmp/kustomization-0",
      "folder",
      undefined,
      "b",
    ]);
  });

  it("hides what was wrong with the file in whose place it is, and nothing else", () => {
    const troubled = { ...files, trouble: () => ({ kind: "outside" }) as const };
    const seen = withFile(troubled, "a.yaml", bytes("new"));
    expect([seen.trouble?.("a.yaml"), seen.trouble?.("b.yaml")]).toEqual([undefined, { kind: "outside" }]);
  });
});
