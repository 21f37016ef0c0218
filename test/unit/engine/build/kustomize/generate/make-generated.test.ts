import { makeConfigMap, makeSecret } from "@sluice/engine/build/kustomize/generate/make-generated.ts";
import type { GeneratorArgs, GeneratorOptions } from "@sluice/engine/build/kustomize/kustomization/kustomization.ts";
import { describe, expect, it } from "vitest";
import { argsOf, loaderOf, optionsOf } from "./loader-of.ts";

const BINARY = new Uint8Array([0xff, ...new TextEncoder().encode("hello")]);
const loader = loaderOf({
  "a.txt": "A\n",
  "dir/b.txt": "\ufeffB",
  bin: BINARY,
  "bin-51": new Uint8Array(51).fill(0xff),
  "bin-52": new Uint8Array(52).fill(0xff),
  "bin-54": new Uint8Array(54).fill(0xff),
  empty: "",
  env: "\ufeff# comment\nA=1\n  B = two \n\nC='q'\nD\n=nothing\nE=a=b\r\n\u00a0F=\u00a0f\u00a0\nG=g",
  "env-bom-later": "A=1\n\ufeffB=2",
  "env-long": `A=1\nB=${"x".repeat(65_533)}\nC=3\nD=${"x".repeat(65_534)}\nE=5`,
  "env-binary": new Uint8Array([0x41, 0x3d, 0x31, 0x0a, 0x42, 0x3d, 0xff, 0xc3, 0xa9, 0xe2, 0x82]),
});

describe("data of a ConfigMap", () => {
  it.each<[string, Partial<GeneratorArgs>, object]>([
    ["nothing", {}, {}],
    [
      "literals",
      { literals: ["b=1", "a=x=y", "c=", 'd="q"', "e='q'", "f='q\"", 'g="', "h=''", 'i="\n"', " j = k "] },
      { data: { " j ": " k ", a: "x=y", b: "1", c: "", d: "q", e: "q", f: "'q\"", g: '"', h: "", i: "\n" } },
    ],
    ["files", { files: ["a.txt", "k=a.txt", "dir/b.txt", "empty"] }, { data: { "a.txt": "A\n", "b.txt": "\ufeffB", empty: "", k: "A\n" } }],
    ["binaries", { files: ["bin", "a.txt"] }, { data: { "a.txt": "A\n" }, binaryData: { bin: "/2hlbGxv" } }],
    ["binaries of almost a line", { files: ["bin-51"] }, { binaryData: { "bin-51": "/".repeat(68) } }],
    ["binaries of more than a line", { files: ["bin-52", "bin-54"] }, { binaryData: { "bin-52": linesOf(52), "bin-54": linesOf(54) } }],
    ["env files", { envs: ["env"] }, { data: { A: "1", "B ": " two ", C: "'q'", D: "", E: "a=b", F: "\u00a0f\u00a0", G: "g" } }],
    ["a byte order mark that is not first", { envs: ["env-bom-later"] }, { data: { A: "1", "\ufeffB": "2" } }],
    ["lines that do not fit the scanner", { envs: ["env-long"] }, { data: { A: "1", B: "x".repeat(65_533), C: "3" } }],
    [
      "keys in the order of their bytes",
      { literals: ["😀=1", "\uffee=2", "é=3", "z=4", "Z=5"] },
      { data: { Z: "5", z: "4", é: "3", "\uffee": "2", "😀": "1" } },
    ],
  ])("%s", (_, args, want) => {
    const made = makeConfigMap(argsOf(args), undefined, loader);
    const { apiVersion, kind, metadata, ...fields } = made.ok ? made.value.node : {};
    expect({ apiVersion, kind, metadata, fields }).toEqual({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, fields: want });
    expect(JSON.stringify(fields)).toBe(JSON.stringify(want));
  });
});

/** Base64 of so many bytes 0xff, in lines of 70. */
function linesOf(count: number): string {
  const letters = Buffer.alloc(count, 0xff).toString("base64");
  const lines: string[] = [];
  for (let at = 0; at < letters.length; at += 70) lines.push(`${letters.slice(at, at + 70)}\n`);
  return lines.join("");
}

describe("a Secret", () => {
  it.each<[string, Partial<GeneratorArgs>, object]>([
    ["nothing", {}, { type: "Opaque", data: {} }],
    ["a type", { type: "kubernetes.io/tls", literals: ["a=é"] }, { type: "kubernetes.io/tls", data: { a: "w6k=" } }],
    ["files", { files: ["bin", "empty"] }, { type: "Opaque", data: { bin: "/2hlbGxv", empty: "" } }],
    ["a long value", { files: ["bin-54"] }, { type: "Opaque", data: { "bin-54": linesOf(54) } }],
    ["both kinds of source", { envs: ["env-bom-later"], literals: ["z=1"] }, { type: "Opaque", data: { A: "MQ==", z: "MQ==", "\ufeffB": "Mg==" } }],
  ])("%s", (_, args, want) => {
    const made = makeSecret(argsOf(args), undefined, loader);
    const { metadata, ...node } = made.ok ? made.value.node : {};
    expect(node).toEqual({ apiVersion: "v1", kind: "Secret", ...want });
  });
});

describe("options", () => {
  const own = optionsOf({
    labels: new Map([
      ["b", "own"],
      ["a", "own"],
    ]),
    annotations: new Map([["n", ""]]),
  });
  const all = optionsOf({
    labels: new Map([
      ["b", "all"],
      ["c", "all"],
    ]),
    annotations: new Map([["n", "all"]]),
  });
  it.each<[string, GeneratorOptions | undefined, GeneratorOptions | undefined, object]>([
    ["none", undefined, undefined, { metadata: { name: "a" } }],
    ["empty", optionsOf({}), optionsOf({}), { metadata: { name: "a" } }],
    ["own", own, undefined, { metadata: { name: "a", labels: { a: "own", b: "own" }, annotations: { n: "" } } }],
    ["of all", undefined, all, { metadata: { name: "a", labels: { b: "all", c: "all" }, annotations: { n: "all" } } }],
    ["both", own, all, { metadata: { name: "a", labels: { a: "own", b: "own", c: "all" }, annotations: { n: "" } } }],
    ["immutable", optionsOf({ immutable: true }), optionsOf({}), { metadata: { name: "a" }, immutable: true }],
    ["immutable for all", optionsOf({ immutable: false }), optionsOf({ immutable: true }), { metadata: { name: "a" }, immutable: true }],
  ])("%s", (_, options, global, want) => {
    const made = makeConfigMap(argsOf({ options }), global, loader);
    expect(made.ok ? made.value.node : made.problem).toEqual({ apiVersion: "v1", kind: "ConfigMap", ...want });
  });

  it.each<[boolean | undefined, boolean | undefined, boolean]>([
    [undefined, undefined, true],
    [true, undefined, false],
    [false, true, false],
    [undefined, true, false],
    [false, false, true],
  ])("no hash: own %s, of all %s", (own, all, needsHash) => {
    const options = (given: boolean | undefined): GeneratorOptions | undefined =>
      given === undefined ? undefined : optionsOf({ disableNameSuffixHash: given });
    const made = makeSecret(argsOf({ options: options(own) }), options(all), loader);
    expect(made.ok && made.value.generated?.needsHash).toBe(needsHash);
  });

  it.each<[string, string]>([
    ["", "unspecified"],
    ["create", "create"],
    ["merge", "merge"],
    ["replace", "replace"],
    ["Merge", "unspecified"],
  ])("behavior %j is %s", (behavior, want) => {
    const made = makeConfigMap(argsOf({ behavior, namespace: "n" }), undefined, loader);
    expect(made.ok && [made.value.generated?.behavior, made.value.node.metadata]).toEqual([want, { name: "a", namespace: "n" }]);
  });
});

/** Checked against kustomize api 0.21.1. */
describe("what cannot be made", () => {
  it.each<[Partial<GeneratorArgs>, string]>([
    [{ name: "", literals: ["x"] }, "a configmap must have a name"],
    [{ literals: ["a=1", "b", "c=2"] }, "loading KV pairs: literal sources [a=1 b c=2]: invalid literal source b, expected key=value"],
    [{ literals: ["=b"] }, "loading KV pairs: literal sources [=b]: invalid literal source =b, expected key=value"],
    [{ literals: [""] }, "loading KV pairs: literal sources []: invalid literal source , expected key=value"],
    [{ files: ["no"] }, "loading KV pairs: file sources: [no]: open /app/no: no such file or directory"],
    [{ files: ["a.txt", "=a.txt"] }, 'loading KV pairs: file sources: [a.txt =a.txt]: missing key name for file path "a.txt" in source "=a.txt"'],
    [{ files: ["="] }, 'loading KV pairs: file sources: [=]: missing key name for file path "" in source "="'],
    [{ files: ["k="] }, 'loading KV pairs: file sources: [k=]: missing file path for key name "k" in source "k="'],
    [{ files: ["a=b=c"] }, "loading KV pairs: file sources: [a=b=c]: source \"a=b=c\" key name or file path contains '='"],
    [{ envs: ["no", "env"] }, "loading KV pairs: env source files: [no env]: open /app/no: no such file or directory"],
    [
      { envs: ["env-binary"] },
      "loading KV pairs: env source files: [env-binary]: line [66 61 255 195 169 226 130] has invalid utf8 bytes : B=\ufffdé\ufffd\ufffd",
    ],
    [{ envs: ["no"], literals: ["x"], files: ["no"] }, "loading KV pairs: env source files: [no]: open /app/no: no such file or directory"],
    [{ literals: ["x"], files: ["no"] }, "loading KV pairs: literal sources [x]: invalid literal source x, expected key=value"],
    [{ literals: ["a=1", "a=2"] }, "configmap a illegally repeats the key `a`"],
    [{ envs: ["env"], literals: ["A=2"] }, "configmap a illegally repeats the key `A`"],
    [{ literals: ["__proto__=1"] }, 'configmap a: the key "__proto__" is not allowed'],
    [{ files: ["constructor=a.txt"] }, 'configmap a: the key "constructor" is not allowed'],
  ])("%j", (args, want) => {
    for (const make of [makeConfigMap, makeSecret]) {
      const made = make(argsOf(args), undefined, loader);
      expect(made.ok ? "made" : made.problem.message).toBe(want);
    }
  });
});
