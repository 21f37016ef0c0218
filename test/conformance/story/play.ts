import { mkdir } from "node:fs/promises";
import type { Json } from "@sluice/engine/domain/json.ts";
import type { Client } from "../cluster/client.ts";
import type { Forge } from "../git/forge.ts";
import { type Run, splitReference } from "./run.ts";
import { parseScenario } from "./scenario.ts";
import { playStep } from "./steps.ts";

/** Those that look after others first. */
const FLUX_KINDS = ["kustomizations", "helmreleases", "helmrepositories", "helmcharts", "gitrepositories"];

/** Plays a scenario in a namespace of its own and returns its snapshots by label. Throws, with the step's number, when a step fails. */
export async function playScenario(source: string, { client, forge, namespace }: { client: Client; forge: Forge; namespace: string }): Promise<Json> {
  const { steps } = parseScenario(source);
  const run: Run = {
    client,
    forge,
    namespace,
    source,
    commits: new Map(),
    heads: new Map(),
    watched: [],
    requested: new Map(),
    refusals: [],
    snapshots: new Map(),
  };
  await mkdir(forge.folderOf(namespace), { recursive: true });
  await client.create(await client.kind("namespaces"), "", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  try {
    for (const [index, step] of steps.entries())
      await playStep(step, run).catch((error: unknown) => {
        throw new Error(`step ${index + 1} (${Object.keys(step)[0]}): ${error instanceof Error ? error.message : error}`);
      });
  } finally {
    await cleanUp(run);
  }
  return Object.fromEntries(run.snapshots);
}

/** So that nothing of it goes on beside the scenarios that follow. */
async function cleanUp(run: Run): Promise<void> {
  for (const name of FLUX_KINDS) {
    const kind = await run.client.kind(name);
    for (const { metadata } of await run.client.list(kind, run.namespace))
      if (typeof metadata === "object" && metadata !== null && "name" in metadata) await run.client.remove(kind, run.namespace, String(metadata.name));
  }
  await run.client.remove(await run.client.kind("namespaces"), "", run.namespace);
  for (const reference of run.watched.filter((watched) => watched.includes(run.namespace))) {
    const [kindName, name] = splitReference(reference, run);
    const kind = (await run.client.kinds()).find(kindName);
    if (kind !== undefined && !kind.namespaced) await run.client.remove(kind, "", name);
  }
}
