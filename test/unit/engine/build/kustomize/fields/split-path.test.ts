import { expect, it } from "vitest";
import { splitPath } from "../../../../../../layers/engine/build/kustomize/fields/split-path.ts";

it.each([
  ["a", ["a"]],
  ["", [""]],
  ["a/b", ["a", "b"]],
  ["/a/b", ["a", "b"]],
  ["//a", ["", "a"]],
  ["/", [""]],
  ["a/", ["a", ""]],
  ["a/x.io\\/y/b", ["a", "x.io/y", "b"]],
  ["/a\\/b", ["a/b"]],
  ["a\\", ["a\\"]],
  ["a\\/", ["a/"]],
  ["a\\/b\\/c", ["a/b/c"]],
])("%j is %j", (path, want) => expect(splitPath(path)).toEqual(want));

it("another delimiter", () => expect(splitPath("a.b\\.c", ".")).toEqual(["a", "b.c"]));
