import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureObjects } from "../support/cli/fixture-objects.ts";
import { helmObjects } from "../support/cli/helm-objects.ts";
import { FILES } from "../support/cli/local-files.ts";
import { createWriter, type Writer } from "../support/cli/real-objects.ts";
import { splitWords } from "../support/cli/words.ts";
import { type ApiServer, startApiServer } from "../support/kubernetes/api-server.ts";
import { COMMANDS, FLOWS } from "./commands.ts";

const assets = process.env.KUBEBUILDER_ASSETS ?? "";
if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');
const flux = process.env.FLUX ?? "";
if (flux === "") throw new Error('FLUX is not set: export FLUX="$(test/support/kubernetes/flux)"');
const sluice = new URL("../../lib/cli/sluice.js", import.meta.url).pathname;

const OBJECTS: readonly Manifest[] = [...fixtureObjects(), ...helmObjects()];

type End = { readonly out: string; readonly err: string; readonly code: number | null };

let server: ApiServer;
let folder: string;
let writer: Writer;

beforeAll(async () => {
  server = await startApiServer({ assets });
  folder = await mkdtemp(join(tmpdir(), "sluice-cli-"));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  expect((await run([process.execPath, sluice], "install")).code).toBe(0);
  writer = createWriter(server);
  for (const object of OBJECTS) await writer.put(object);
});

afterAll(async () => {
  writer?.close();
  await server?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function run(program: readonly string[], line: string): Promise<End> {
  const [command = "", ...before] = program;
  const child = spawn(command, [...before, ...splitWords(line)], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: server.kubeconfig },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  const code = await new Promise<number | null>((done, failed) => child.on("close", done).on("error", failed));
  return { ...said, code };
}

const runFlux = (line: string): Promise<End> => run([flux], line);
const runSluice = (line: string): Promise<End> => run([process.execPath, sluice], line);

/** What may differ: the name of the command, ages, and a missing line break that would spoil the next prompt. */
const comparable = ({ out, err, code }: End): End => ({ out: plain(out), err: plain(err).replace(/([^\n])$/, "$1\n"), code });
const plain = (text: string): string =>
  text
    .replaceAll('for "sluice', 'for "flux')
    .replace(/requestedAt: "[^"]*"/g, 'requestedAt: "…"')
    .replace(/\b\d+d\b/g, "1d");

describe("sluice says what flux says", () => {
  it.each(COMMANDS)("%s", async (line) => {
    // flux writes into the folder that it builds, and takes it away again: nobody may read it meanwhile.
    const [theirs, ours] = /^(build|diff) /.test(line) ? [await runFlux(line), await runSluice(line)] : await Promise.all([runFlux(line), runSluice(line)]);
    expect(comparable(ours)).toEqual(comparable(theirs));
  });
});

describe("sluice does what flux does", () => {
  it.each(FLOWS)("$line", async ({ line, objects, engine, ignoring }) => {
    const ends: { readonly end: End; readonly specs: readonly unknown[] }[] = [];
    for (const runIt of [runFlux, runSluice]) {
      for (const name of objects) await writer.put(await fixture(name));
      const stop = engine ? answerRequests(objects) : () => Promise.resolve();
      const end = await runIt(line);
      await stop();
      ends.push({ end: comparable(end), specs: await Promise.all(objects.map(async (name) => (await writer.get(await fixture(name)))?.spec)) });
    }
    const [theirs, ours] = ends;
    const said = (text: string): string => (ignoring === undefined ? text : text.replace(ignoring, "…"));
    expect({ ...ours?.end, err: said(ours?.end.err ?? "") }).toEqual({ ...theirs?.end, err: said(theirs?.end.err ?? "") });
    expect(ours?.specs).toEqual(theirs?.specs);
  });
});

async function fixture(key: string): Promise<Manifest> {
  const [kind, namespace, name] = key.split("/");
  const found = OBJECTS.find((object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${key} in the fixture`);
  return found;
}

/** Does what an engine would: answers requests by annotation, and new generations, until it is stopped. */
function answerRequests(keys: readonly string[]): () => Promise<void> {
  let stopped = false;
  const work = (async () => {
    while (!stopped) {
      for (const key of keys) await answer(await fixture(key));
      await new Promise((done) => setTimeout(done, 200));
    }
  })();
  return async () => {
    stopped = true;
    await work;
  };
}

async function answer(object: Manifest): Promise<void> {
  const live = await writer.get(object);
  const asked = live?.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
  const status = live?.status as JsonObject | undefined;
  const { generation } = live?.metadata ?? {};
  if (generation === undefined || (status?.observedGeneration === generation && status?.lastHandledReconcileAt === asked)) return;
  const conditions = (status?.conditions as readonly JsonObject[] | undefined) ?? [];
  await writer.setStatus(object, {
    ...status,
    observedGeneration: generation,
    ...(asked !== undefined && { lastHandledReconcileAt: asked }),
    conditions: conditions.map((condition) => ({ ...condition, observedGeneration: generation })),
  });
}
