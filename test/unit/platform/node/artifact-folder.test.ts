import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArtifactFolder, createRenderFolder } from "@sluice/platform/node/artifact-folder.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const bytes = Buffer.from("an artifact");
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-artifacts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const store = () => createArtifactFolder({ folder: join(folder, "new"), url: () => "http://127.0.0.1:9090", now: () => NOW });
const age = async (name: string, milliseconds: number): Promise<void> =>
  utimes(join(folder, "new", name), (NOW - milliseconds) / 1000, (NOW - milliseconds) / 1000);
const nameOf = (digest: string): string => `${digest.slice("sha256:".length)}.tar.gz`;

/** What it owes as every ArtifactStore does is in test/contract. */
describe("artifacts in a folder", () => {
  it("that nobody needs go after an hour", async () => {
    const digests = await Promise.all(["a", "b", "c"].map(async (text) => (await store().put(Buffer.from(text))).digest));
    const [kept = "", old = "", young = ""] = digests;
    await age(nameOf(kept), 2 * 3_600_000);
    await age(nameOf(old), 2 * 3_600_000);
    await age(nameOf(young), 1000);
    expect(await store().sweep(new Set([kept]))).toBe(1);
    expect(await Promise.all(digests.map((digest) => store().has(digest)))).toEqual([true, false, true]);
    // Stored anew just now: its status may not be written yet.
    await age(nameOf(young), 2 * 3_600_000);
    await store().put(Buffer.from("c"));
    expect(await store().sweep(new Set())).toBe(1);
    expect(await store().has(young)).toBe(true);
  });

  it("are served over HTTP", async () => {
    const artifacts = store();
    const { digest } = await artifacts.put(bytes);
    const server = createServer((request, response) => void (artifacts.serve(request, response) || response.writeHead(418).end()));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    const get = async (path: string, method = "GET") => {
      const answer = await fetch(url + path, { method });
      return `${answer.status} ${await answer.text()}`.trim();
    };
    expect(await get(`/artifacts/${nameOf(digest)}`)).toBe("200 an artifact");
    expect(await get(`/artifacts/${nameOf(digest)}`, "HEAD")).toBe("200");
    expect(await get(`/artifacts/${nameOf(digest)}`, "DELETE")).toBe("405");
    expect(await get(`/artifacts/${"0".repeat(64)}.tar.gz`)).toBe("404 artifact not found");
    expect(await get("/artifacts/..%2f..%2fetc")).toBe("418");
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
});

describe("renders in a folder", () => {
  const renders = () => createRenderFolder({ folder: join(folder, "new"), now: () => NOW });
  it("are found by what went into them, and not when damaged", async () => {
    expect(await renders().recall("inputs")).toBeUndefined();
    await renders().remember("inputs", bytes);
    expect(Buffer.from((await renders().recall("inputs")) ?? []).equals(bytes)).toBe(true);
    const [name = ""] = await readdir(join(folder, "new"));
    await writeFile(join(folder, "new", name), "half");
    expect(await renders().recall("inputs")).toBeUndefined();
  });
  it("go when nobody used them for a while", async () => {
    await renders().remember("a", bytes);
    const [name = ""] = await readdir(join(folder, "new"));
    await age(name, 5000);
    expect(await renders().sweep(10_000)).toBe(0);
    expect(await renders().sweep(1000)).toBe(1);
  });
});
