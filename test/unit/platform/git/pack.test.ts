import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { readTree } from "@sluice/platform/git/objects.ts";
import { objectId, parsePack } from "@sluice/platform/git/pack.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const caps = { objects: 1000, objectBytes: 1 << 20, bytes: 1 << 22 };
const seal = (body: Buffer): Buffer => Buffer.concat([body, Buffer.from(hash("sha1", body), "hex")]);
const head = (count: number): Buffer => Buffer.from([...Buffer.from("PACK"), 0, 0, 0, 2, 0, 0, 0, count]);
/** One object of up to 15 bytes. */
const entry = (type: number, bytes: Buffer, size = bytes.length): Buffer => Buffer.concat([Buffer.from([(type << 4) | size]), deflateSync(bytes)]);

describe("a pack made by git, with deltas of both kinds", () => {
  let folder = "";
  const git = (input: string | undefined, ...args: string[]): Buffer =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      ...(input !== undefined && { input }),
      stdio: ["pipe", "pipe", "ignore"],
    });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-pack-"));
    git(undefined, "init", "-q");
    for (let i = 0; i < 12; i++) {
      writeFileSync(join(folder, "big.txt"), Array.from({ length: 3000 }, (_, line) => `line ${line} ${line % 12 === i ? i : ""}\n`).join(""));
      git(undefined, "add", ".");
      git(undefined, "commit", "-qm", `commit ${i}`);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([{ flags: ["--delta-base-offset"] }, { flags: [] }])("has every object under its id $flags", ({ flags }) => {
    const ids = git(undefined, "rev-list", "--objects", "HEAD")
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.slice(0, 40));
    const pack = git(ids.join("\n"), "pack-objects", "--stdout", "--window=20", "--depth=30", ...flags);
    const parsed = parsePack(pack, caps);
    if (!parsed.ok) throw new Error(parsed.problem);
    expect([...parsed.value.keys()].toSorted()).toEqual(ids.toSorted());
    for (const [id, object] of parsed.value) expect(objectId(object)).toBe(id);
  });

  it("survives thousands of damaged packs: each an answer, and no object under a name that is not its own", () => {
    const good = git("HEAD\n", "pack-objects", "--revs", "--stdout", "--delta-base-offset");
    let state = 7;
    const next = (limit: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state % limit;
    };
    for (let round = 0; round < 1500; round++) {
      const body = Buffer.from(good.subarray(0, -20));
      for (let edit = 0; edit <= next(3); edit++) body[12 + next(body.length - 12)] = next(256);
      const parsed = parsePack(seal(body), caps);
      if (parsed.ok) for (const [id, object] of parsed.value) expect(objectId(object)).toBe(id);
    }
  });
});

describe("a pack is refused", () => {
  const good = seal(Buffer.concat([head(1), entry(3, Buffer.from("hello"))]));
  it("but not when it is sound", () => expect(parsePack(good, caps).ok).toBe(true));
  it.each([
    { what: "without its signature", pack: seal(Buffer.concat([Buffer.from("JUNK"), head(1)])), want: "malformed pack file: no signature" },
    {
      what: "with a wrong checksum",
      pack: Buffer.concat([good.subarray(0, -1), Buffer.from([good.at(-1) === 0 ? 1 : 0])]),
      want: "malformed pack file: checksum",
    },
    {
      what: "with more objects than the cap",
      pack: seal(Buffer.concat([Buffer.from([...Buffer.from("PACK"), 0, 0, 0, 2, 0, 1, 0, 0])])),
      want: "the pack has 65536 objects, more than 1000",
    },
    {
      what: "with an object larger than it says",
      pack: seal(Buffer.concat([head(1), entry(3, Buffer.from("hello"), 3)])),
      want: "malformed pack file: an object does not decompress",
    },
    {
      what: "with an object smaller than it says",
      pack: seal(Buffer.concat([head(1), entry(3, Buffer.from("hello"), 9)])),
      want: "malformed pack file: an object does not decompress",
    },
    {
      what: "with a delta of a base before the start",
      pack: seal(Buffer.concat([head(1), Buffer.from([0x61, 0x7f]), deflateSync(Buffer.from("x"))])),
      want: "malformed pack file: an object's header",
    },
    {
      what: "with a delta of an unknown base",
      pack: seal(Buffer.concat([head(1), Buffer.from([0x71]), Buffer.alloc(20), deflateSync(Buffer.from("x"))])),
      want: "malformed pack file: a delta without its base",
    },
  ])("$what", ({ pack, want }) => expect(parsePack(pack, caps)).toEqual({ ok: false, problem: want }));
});

describe("a tree", () => {
  const objects = new Map<string, { readonly type: "tree" | "blob"; readonly bytes: Uint8Array }>();
  const add = (type: "tree" | "blob", bytes: Uint8Array): string => {
    const id = objectId({ type, bytes });
    objects.set(id, { type, bytes });
    return id;
  };
  const tree = (...entries: readonly (readonly [string, string, string])[]): string =>
    add("tree", Buffer.concat(entries.flatMap(([mode, name, id]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")])));
  const blob = add("blob", Buffer.from("x"));
  const limits = { files: 50, bytes: 1000, pathBytes: 100 };

  it.each(["..", ".", ".git", ".GIT", "a\\b", ""])("with an entry %j is refused", (name) => {
    expect(readTree(objects, tree(["100644", name, blob]), limits)).toMatchObject({ ok: false });
  });
  it("leaves submodules and links out", () => {
    const read = readTree(
      objects,
      tree(["100644", "a", blob], ["160000", "module", "0".repeat(40)], ["120000", "link", blob], ["100755", "run", blob]),
      limits,
    );
    expect(read.ok && [...read.value].map(([path, { executable }]) => `${path} ${executable}`)).toEqual(["a false", "run true"]);
  });
  it("that names itself over and over ends at the cap", () => {
    let id = tree(["100644", "a", blob]);
    for (let depth = 0; depth < 20; depth++) id = tree(["40000", "a", id], ["40000", "b", id], ["40000", "c", id]);
    expect(readTree(objects, id, limits)).toMatchObject({ ok: false, problem: expect.stringContaining("more than 50") });
    let empty = tree();
    for (let depth = 0; depth < 20; depth++) empty = tree(["40000", "a", empty], ["40000", "b", empty]);
    expect(readTree(objects, empty, limits)).toEqual({ ok: false, problem: "the tree has more than 50 folders" });
  });
  it("with an unknown mode or a missing object is refused", () => {
    expect(readTree(objects, tree(["100000", "a", blob]), limits)).toMatchObject({ ok: false });
    expect(readTree(objects, tree(["100644", "a", "1".repeat(40)]), limits)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("object not found: a"),
    });
  });
});
