import { placeOfKey } from "@sluice/engine/build/kustomize/generate/place-of-key.ts";
import type { GeneratorArgs } from "@sluice/engine/build/kustomize/kustomization/kustomization.ts";
import { expect, it } from "vitest";
import { loaderOf } from "./loader-of.ts";

const ARGS: GeneratorArgs = { namespace: "", name: "a", behavior: "", literals: [], files: [], envs: [], options: undefined, type: "" };
const loader = loaderOf({ "a.env": "# note\nx=1\n\ny=2\nx=3\n", "b.env": "y=1\n" });

it.each<[string, Partial<GeneratorArgs>, string, unknown]>([
  ["the second of two literals", { literals: ["x=1", "y=1", "x=2"] }, "x", { kind: "argument", path: ["literals", 2] }],
  ["the only one", { literals: ["a=1", "x=1"] }, "x", { kind: "argument", path: ["literals", 1] }],
  ["a file behind a literal", { literals: ["x=1"], files: ["y", "conf/x"] }, "x", { kind: "argument", path: ["files", 1] }],
  ["a file with a key", { literals: ["x=1"], files: ["x=conf/y"] }, "x", { kind: "argument", path: ["files", 0] }],
  ["a literal behind an env file", { literals: ["y=1"], envs: ["b.env"] }, "y", { kind: "argument", path: ["literals", 0] }],
  ["a line of an env file", { envs: ["a.env"] }, "x", { kind: "file", file: "app/a.env", line: 5 }],
  ["a line of a second env file", { envs: ["a.env", "b.env"] }, "y", { kind: "file", file: "app/b.env", line: 1 }],
  ["none", {}, "x", { kind: "argument", path: [] }],
])("%s", (_, args, key, want) => expect(placeOfKey({ ...ARGS, ...args }, loader, key)).toEqual(want));
