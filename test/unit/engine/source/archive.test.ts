import { execFileSync } from "node:child_process";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { unpackArtifact, unpackWithFolders } from "@sluice/engine/source/unarchive.ts";
import { describe, expect, it } from "vitest";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const tree = (files: { readonly [path: string]: string }): Tree =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: encode(text), executable: path.endsWith(".sh") }]));
const listed = (bytes: Uint8Array): readonly string[] =>
  execFileSync("tar", ["-tvf", "-", "--numeric-owner", "--utc", "--full-time", "--quoting-style=literal"], {
    input: gunzipSync(bytes),
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  })
    .trim()
    .split("\n")
    .map((line) => line.replaceAll(/ +/g, " "));

const shown = (files: Tree): unknown => [...files].map(([path, { bytes, executable }]) => [path, Buffer.from(bytes).toString(), executable]).toSorted();

const LONG = `${"folder/".repeat(14)}${"n".repeat(60)}.yaml`;
const TOO_LONG = `${"folder/".repeat(30)}${"n".repeat(120)}.yaml`;

describe("an artifact", () => {
  it("lists the root, then folders and files in the order of a walk, without owners and times", () => {
    expect(listed(packArtifact(tree({ "b.txt": "b", "a/run.sh": "x", "a.txt": "a", "a/deep/c.txt": "" })))).toEqual([
      "drwxr-x--- 0/0 0 1970-01-01 00:00:00 .",
      "drwxr-x--- 0/0 0 1970-01-01 00:00:00 a",
      "drwxr-x--- 0/0 0 1970-01-01 00:00:00 a/deep",
      "-rw------- 0/0 0 1970-01-01 00:00:00 a/deep/c.txt",
      "-rwx------ 0/0 1 1970-01-01 00:00:00 a/run.sh",
      "-rw------- 0/0 1 1970-01-01 00:00:00 a.txt",
      "-rw------- 0/0 1 1970-01-01 00:00:00 b.txt",
    ]);
  });

  it("has the same bytes for the same files, in whatever order they come", () => {
    const files = { "b.txt": "b", "a/run.sh": "x", "größe.txt": "ü", [LONG]: "l", [TOO_LONG]: "t" };
    const other = Object.fromEntries(Object.entries(files).toReversed());
    expect(Buffer.from(packArtifact(tree(files))).equals(packArtifact(tree(other)))).toBe(true);
  });

  it("names folders all of whose files were ignored", () => {
    const unpacked = unpackWithFolders(packArtifact(tree({ "pictures/a.png": "", "app/a.yaml": "" }), (path) => path.endsWith(".png")));
    expect(unpacked.ok && { files: [...unpacked.value.tree.keys()], folders: [...unpacked.value.folders] }).toEqual({
      files: ["app/a.yaml"],
      folders: ["app", "pictures"],
    });
  });

  it("leaves out what is ignored, each path judged by itself", () => {
    const bytes = packArtifact(tree({ "a/x": "", "a/keep": "", b: "" }), (path, isFolder) => path === "b" || path === "a/x" || (path === "a" && isFolder));
    expect(listed(bytes).map((line) => line.split(" ").at(-1))).toEqual([".", "a/keep"]);
  });

  it.each([
    { path: LONG },
    { path: TOO_LONG },
    { path: "größe/ü.txt" },
    { path: "with blank.txt" },
    { path: "n".repeat(100) },
    { path: "n".repeat(101) },
  ])("comes back as it was: $path", ({ path }) => {
    const files = tree({ [path]: "content", "run.sh": "x".repeat(513) });
    const bytes = packArtifact(files);
    const back = unpackArtifact(bytes);
    expect(back.ok && shown(back.value)).toEqual(shown(files));
    expect(listed(bytes).map((line) => line.split(" ").slice(5).join(" "))).toContain(path);
  });
});

/** A tar by hand, so that it may be wrong. */
function tar(
  entries: readonly {
    readonly name: string;
    readonly type?: string;
    readonly body?: string;
    readonly prefix?: string;
    readonly size?: string;
    readonly sum?: string;
  }[],
): Uint8Array {
  const blocks = entries.map(({ name, type = "0", body = "", prefix = "", size, sum }) => {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write("0000644\0", 100);
    block.write(size ?? `${Buffer.byteLength(body).toString(8).padStart(11, "0")}\0`, 124);
    block.write(`        ${type}`, 148);
    block.write("ustar\x0000", 257);
    block.write(prefix, 345);
    block.write(
      sum ??
        `${block
          .reduce((total, byte) => total + byte, 0)
          .toString(8)
          .padStart(6, "0")}\0 `,
      148,
    );
    return Buffer.concat([block, Buffer.from(body), Buffer.alloc((512 - (Buffer.byteLength(body) % 512)) % 512)]);
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe("unpacking", () => {
  const caps = { entries: 3, bytes: 4096, ratio: 1000 };
  it.each([
    { what: "a path upwards", bytes: tar([{ name: "a/../../b" }]), want: 'the archive has a path that leaves its root: "a/../../b"' },
    { what: "an absolute path", bytes: tar([{ name: "/etc/passwd" }]), want: 'the archive has a path that leaves its root: "/etc/passwd"' },
    { what: "a backslash", bytes: tar([{ name: "a\\b" }]), want: 'the archive has a path that leaves its root: "a\\\\b"' },
    { what: "a way out in the prefix", bytes: tar([{ name: "b", prefix: ".." }]), want: 'the archive has a path that leaves its root: "../b"' },
    {
      what: "a way out in a pax record",
      bytes: tar([{ name: "x", type: "x", body: "14 path=../a\n\n" }, { name: "b" }]),
      want: 'the archive has a path that leaves its root: "../a\\n"',
    },
    { what: "a hard link", bytes: tar([{ name: "a", type: "1" }]), want: 'the archive has a hard link: "a"' },
    { what: "too many entries", bytes: tar(["a", "b", "c", "d"].map((name) => ({ name }))), want: "the archive has more than 3 entries" },
    { what: "too many bytes", bytes: tar([{ name: "a", body: "x".repeat(5000) }]), want: "the archive expands to more than 4096 bytes" },
    { what: "a file that is a folder", bytes: tar([{ name: "a" }, { name: "a/b" }]), want: 'the archive has a file and a folder of one name: "a"' },
    { what: "a cut end", bytes: tar([{ name: "a", size: "00000004000\0" }]), want: "the archive ends in the middle of a file" },
    { what: "a damaged header", bytes: tar([{ name: "a", sum: "000001\0 " }]), want: "the archive has a damaged header" },
    { what: "no gzip", bytes: encode("no"), want: "the archive is not gzip" },
  ])("refuses $what", ({ bytes, want }) => expect(unpackArtifact(bytes, caps)).toEqual({ ok: false, problem: want }));

  it("refuses a bomb by its ratio", () => {
    const bomb = gzipSync(Buffer.alloc(40 << 20));
    expect(unpackArtifact(bomb, { entries: 10, bytes: 1 << 30, ratio: 10 })).toEqual({
      ok: false,
      problem: `the archive expands to more than ${16 << 20} bytes`,
    });
  });

  it("leaves links and devices out, and strips the folder that git servers put around", () => {
    const bytes = tar([
      { name: "pax", type: "g", body: "20 comment=whatever\n" },
      { name: "app-1/", type: "5" },
      { name: "app-1/a", body: "a" },
      { name: "app-1/link", type: "2" },
      { name: "app-1/tty", type: "3" },
    ]);
    const unpacked = unpackArtifact(bytes, { entries: 10, bytes: 1 << 20, ratio: 1000 }, 1);
    expect(unpacked.ok && [...unpacked.value.keys()]).toEqual(["a"]);
  });

  it("keeps names that JavaScript has a use for as what they are", () => {
    const unpacked = unpackArtifact(tar([{ name: "__proto__/constructor", body: "x" }]));
    expect(unpacked.ok && [...unpacked.value.keys()]).toEqual(["__proto__/constructor"]);
  });

  it("survives thousands of damaged archives: an answer each, no exception, no path outside", () => {
    const good = gunzipSync(packArtifact(tree({ "a/b.txt": "text", [TOO_LONG]: "x", "größe.txt": "y" })));
    let state = 42;
    const next = (limit: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state % limit;
    };
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(good);
      for (let edit = 0; edit <= next(4); edit++) bytes[next(bytes.length)] = next(256);
      const answer = unpackArtifact(gzipSync(bytes, { level: 0 }));
      if (answer.ok) for (const path of answer.value.keys()) expect(path.startsWith("/") || path.split("/").includes("..")).toBe(false);
    }
  });
});
