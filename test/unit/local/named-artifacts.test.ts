import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { createArtifactFolder } from "@sluice/platform/node/artifact-folder.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveNamedArtifacts } from "../../../lib/local/named-artifacts.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-named-"));
const artifacts = createArtifactFolder({ folder, url: () => "http://127.0.0.1", now: () => 0 });
const objects: Manifest[] = [];
const serve = serveNamedArtifacts(() => ({ objects: () => objects, hasAnswered: () => false, stop: () => undefined }), artifacts);
const server = createServer((request, response) => void (serve(request, response) || response.writeHead(404).end("none")));
let url = "";

async function source(kind: string, path: string, bytes: Uint8Array): Promise<void> {
  const { digest, url: where } = await artifacts.put(bytes);
  const artifact = { path, url: where, revision: "1.2.0", digest, lastUpdateTime: "2030-01-01T00:00:00Z" };
  objects.push({ apiVersion: "source.toolkit.fluxcd.io/v1", kind, metadata: { name: "web", namespace: "apps" }, status: { artifact } });
}

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await source("HelmChart", "helmchart/apps/web/web-1.2.0.tgz", gzipSync("chart"));
  await source("HelmRepository", "helmrepository/apps/web/index-1.yaml", Buffer.from("{}"));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe("artifacts under the names that Flux gives them", () => {
  it.each([
    ["a chart", "/helmchart/apps/web/web-1.2.0.tgz", 200, "application/gzip"],
    ["an index", "/helmrepository/apps/web/index-1.yaml", 200, "application/json"],
    ["a version that no source has any more", "/helmchart/apps/web/web-1.1.0.tgz", 404, null],
    ["a path that leads elsewhere", "/helmchart/apps/..%2fweb/web-1.2.0.tgz", 404, null],
  ])("%s", async (_, path, status, type) => {
    const answer = await fetch(`${url}${path}`);
    await answer.arrayBuffer();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
  });
});
