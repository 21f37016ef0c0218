import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { parseAllDocuments } from "yaml";
import { Refused } from "../cluster/client.ts";
import { commit, createBare, git } from "../git/repository.ts";
import { takeSnapshot } from "../snapshot/snapshot.ts";
import { holds, readiness } from "./holds.ts";
import { commitOf, fill, fillText, type Run, splitReference } from "./run.ts";
import type { Commit, File, Step, Wanted } from "./scenario.ts";

const USER = "user";
/** As `flux reconcile` and `flux suspend` name themselves. */
const FLUX = "flux-client-side-apply";
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MS = 50;
/** Events are written a moment after the status that `until` sees. */
const SETTLE_MS = 300;

export async function playStep(step: Step, run: Run): Promise<void> {
  const folder = run.forge.folderOf(run.namespace);
  if ("commit" in step) return playCommit(step.commit, run);
  if ("chart" in step) return run.forge.charts.add(run.namespace, { ...step.chart, files: fillTexts(step.chart.files ?? {}, run) });
  if ("git" in step)
    return void (await git(join(folder, `${step.git.repo ?? "app"}.git`), ...step.git.args.map((argument) => fillText(String(argument), run))));
  if ("emptyRepository" in step) return createBare(join(folder, `${step.emptyRepository ?? "app"}.git`));
  if ("apply" in step) return apply(step.apply, run);
  if ("refuse" in step) return refuse(step.refuse, run);
  if ("patch" in step) return patch(step.patch, run);
  if ("delete" in step) return remove(step.delete, run);
  if ("reconcile" in step) return request([step.reconcile].flat(), run);
  if ("until" in step) return until(step.until, run);
  if ("wait" in step) return delay(step.wait * 1000);
  if ("watch" in step) return void run.watched.push(...[step.watch].flat().map((reference) => fillText(reference, run)));
  await delay(SETTLE_MS);
  run.snapshots.set(step.snapshot, await takeSnapshot(run));
}

async function playCommit(wanted: Commit, run: Run): Promise<void> {
  const files = Object.fromEntries(Object.entries(wanted.files ?? {}).map(([path, file]) => [path, fillFile(file, run)]));
  const id = await commit(run.forge.folderOf(run.namespace), { ...wanted, files });
  run.commits.set(id, `<${wanted.label ?? `commit-${run.commits.size + 1}`}>`);
  run.heads.set(wanted.repo ?? "app", id);
}

function fillFile(file: File, run: Run): File {
  if (typeof file === "string") return fillText(file, run);
  return file !== null && "text" in file ? { ...file, text: fillText(file.text, run) } : file;
}

const fillTexts = (texts: { readonly [path: string]: string }, run: Run): { readonly [path: string]: string } =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, fillText(text, run)]));

async function apply(text: string, run: Run): Promise<void> {
  for (const document of parseAllDocuments(fillText(text, run))) {
    const manifest: Json = document.toJS();
    if (isObject(manifest)) await applyOne(manifest, run);
  }
}

async function applyOne(manifest: JsonObject, run: Run): Promise<void> {
  const kind = await run.client.kind(`${manifest.apiVersion}/${manifest.kind}`);
  const given = isObject(manifest.metadata) ? manifest.metadata : {};
  const metadata = kind.namespaced ? { namespace: run.namespace, ...given } : given;
  const namespace = "namespace" in metadata ? String(metadata.namespace) : "";
  await run.client.patch(kind, namespace, String(given.name), { kind: "apply", body: { ...manifest, metadata }, manager: USER });
}

async function refuse(text: string, run: Run): Promise<void> {
  const refusal = await apply(text, run).then(
    () => undefined,
    (error: unknown) => (error instanceof Refused ? error.message : Promise.reject(error)),
  );
  if (refusal === undefined) throw new Error("was accepted");
  run.refusals.push(refusal);
}

async function patch(wanted: Extract<Step, { patch: unknown }>["patch"], run: Run): Promise<void> {
  const { object, namespace = run.namespace, manager = USER, subresource, merge, json } = wanted;
  const [kind, name] = splitReference(object, run);
  await run.client.patch(await run.client.kind(kind), fillText(namespace, run), name, {
    kind: json === undefined ? "merge" : "json",
    body: fill(json ?? merge ?? {}, run),
    manager,
    ...(subresource !== undefined && { subresource }),
  });
}

async function remove(reference: string, run: Run): Promise<void> {
  const [kind, name] = splitReference(reference, run);
  await run.client.remove(await run.client.kind(kind), run.namespace, name);
}

async function request(references: readonly string[], run: Run): Promise<void> {
  for (const reference of references) {
    const [kind, name] = splitReference(reference, run);
    const token = `${Date.now()}-${run.requested.size}-${reference}`;
    run.requested.set(reference, token);
    const body = { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": token } } };
    await run.client.patch(await run.client.kind(kind), run.namespace, name, { kind: "merge", body, manager: FLUX });
  }
}

async function until(wishes: { readonly [reference: string]: Wanted | number }, run: Run): Promise<void> {
  const seconds = typeof wishes.within === "number" ? wishes.within : PATIENCE_SECONDS;
  const deadline = performance.now() + seconds * 1000;
  for (const [reference, wanted] of Object.entries(wishes)) if (typeof wanted !== "number") await becomes(reference, wanted, { run, deadline, seconds });
}

async function becomes(reference: string, wanted: Wanted, { run, deadline, seconds }: { run: Run; deadline: number; seconds: number }): Promise<void> {
  const [kindName, name] = splitReference(reference, run);
  const kind = await run.client.kind(kindName);
  const token = run.requested.get(reference);
  const at = typeof wanted === "string" ? undefined : wanted.at;
  const commit = at === undefined ? undefined : ((at === "head" ? run.heads.get("app") : commitOf(run, at)) ?? at);
  const expected = { ...(token !== undefined && { token }), ...(commit !== undefined && { commit }) };
  for (;;) {
    const object = await run.client.get(kind, run.namespace, name);
    if (holds(object, wanted, expected)) return;
    if (performance.now() > deadline)
      throw new Error(`${reference} did not become ${JSON.stringify(wanted)} in ${seconds} s; it is ${JSON.stringify(readiness(object))}`);
    await delay(LOOK_AGAIN_MS);
  }
}
