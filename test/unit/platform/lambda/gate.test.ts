import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import middy from "@middy/core";
import { createSealKey } from "@sluice/platform/gate/seal.ts";
import { createGateFunction } from "@sluice/platform/lambda/gate.ts";
import type { Context } from "aws-lambda";
import { build } from "esbuild";
import { afterEach, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";
import { type ScriptedServer, startScripted } from "../../../support/api-server.ts";

const authority = createCertificateAuthority({ commonName: "test", now: new Date() });
const tls = authority.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] });
const CANARY = "k8s-aws-v1.canary-token";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The function as Lambda runs it, with `left` milliseconds until it is killed. */
function createHandler(servers: string) {
  const lines: string[] = [];
  const gate = createGateFunction({ SLUICE_ARTIFACT_BUCKET: "bucket", SLUICE_GATE_SERVERS: servers }, { write: (line) => lines.push(line) });
  closing.push(gate.close);
  const handler = middy(gate.pass, gate.deadline).use(gate.middleware);
  const invoke = (event: unknown, left = 60_000): Promise<unknown> => handler(event, { awsRequestId: "id", getRemainingTimeInMillis: () => left } as Context); // all of the context that is read
  return { invoke, lines };
}
const callTo = (server: ScriptedServer, paths: readonly string[]) => ({
  server: server.url,
  certificateAuthority: authority.certificate,
  token: CANARY,
  timeout: 60_000,
  sealKey: createSealKey(),
  total: 60_000,
  requests: paths.map((path) => ({ method: "GET", path })),
});

it("passes requests on, over connections that it keeps from one invocation to the next", async () => {
  const sockets = new Set<unknown>();
  const server = await startScripted(
    [
      (response, request) => {
        sockets.add(request.socket);
        response.end("{}");
      },
    ],
    tls,
  );
  closing.push(server.stop);
  const { invoke, lines } = createHandler(new URL(server.url).host);
  for (const path of ["/api", "/apis"]) expect(await invoke(callTo(server, [path]))).toEqual({ responses: [{ code: 200, headers: {}, body: "{}" }] });
  expect(sockets.size).toBe(1);
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${CANARY}`, `Bearer ${CANARY}`]);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["request", "invocation", "request", "invocation"]);
  expect(lines.join()).not.toContain("canary");
});

it("answers what it has when its time is nearly over", async () => {
  const server = await startScripted(({ path }) => (path === "/slow" ? () => undefined : { code: 200, body: "{}" }), tls);
  closing.push(server.stop);
  const { invoke } = createHandler(new URL(server.url).host);
  const left = 3_000 + 100; // the signal comes 100 ms from now
  expect(await invoke(callTo(server, ["/fast", "/slow"]), left)).toEqual({
    responses: [
      { code: 200, headers: { "content-type": "application/json" }, body: "{}" },
      { failed: expect.any(String), sent: true, passing: false },
    ],
  });
}, 2_000);

it("speaks to no server that is not in its list, and says so without repeating what it was told", async () => {
  const server = await startScripted([{ code: 200 }], tls);
  closing.push(server.stop);
  const { invoke, lines } = createHandler(".eu-central-1.eks.amazonaws.com");
  await expect(invoke(callTo(server, ["/api"]))).rejects.toThrow(/not in the list of those that it may speak to/);
  await expect(invoke({ token: CANARY })).rejects.toThrow(/^gate: expected/);
  expect(server.seen).toEqual([]);
  expect(lines.join()).not.toContain("canary");
});

it.each(["SLUICE_ARTIFACT_BUCKET", "SLUICE_GATE_SERVERS"])("does not start without %s", (name) =>
  expect(() => createGateFunction({ SLUICE_ARTIFACT_BUCKET: "bucket", SLUICE_GATE_SERVERS: "a.b", [name]: undefined })).toThrow(name));

it("has no engine in its bundle, and reads S3's client only for an answer that needs it", async () => {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const { metafile } = await build({
    entryPoints: ["functions/gate/handler.ts"],
    absWorkingDir: root,
    outdir: "out",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    logLevel: "silent",
    splitting: true,
  });
  const engine = Object.keys(metafile.inputs)
    .filter((path) => /(?:layers|@sluice)\/engine\//.test(path))
    .map((path) => relative(root, fileURLToPath(new URL(path, `file://${root}/`))));
  expect(engine.filter((path) => !/engine\/(?:domain\/|flux\/kinds\.ts$)/.test(path))).toEqual([]);
  const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === "functions/gate/handler.ts");
  const chunks = new Set<string>();
  const follow = (path: string): void => {
    if (chunks.has(path)) return;
    chunks.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) if (kind === "import-statement") follow(next);
  };
  for (const [path, output] of Object.entries(metafile.outputs)) if (output === entry) follow(path);
  const atStart = [...chunks].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  expect(atStart.length).toBeGreaterThan(10);
  expect(atStart.filter((path) => path.includes("@aws-sdk"))).toEqual([]);
});
