import { createHash } from "node:crypto";
import type { Artifact } from "../../domain/artifact.ts";
import { isObject, type Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ArtifactStore, RenderStore } from "../../ports/artifact-store.ts";
import type { IndexValidators } from "../../ports/chart-repositories.ts";
import type { ChartVersion } from "../../source/helm/chart-version.ts";
import { chartsIn, type IndexArtifact, shardKey, shardsOf, versionsIn } from "../../source/helm/index-artifact.ts";

type Stores = { readonly artifacts: ArtifactStore; readonly renders: RenderStore };

/** Keeps the charts of an index in parts, so that a HelmChart reads one of them. */
export async function rememberCharts(
  { renders }: Pick<Stores, "renders">,
  charts: IndexArtifact["charts"],
  artifact: Pick<Artifact, "digest" | "size">,
): Promise<void> {
  for (const [key, shard] of shardsOf(charts, artifact)) await renders.remember(key, shard);
}

/** The versions of a chart in the index of an artifact; undefined when it has none. A part that is lost costs reading the whole once. The problem: the artifact is lost. */
export async function versionsOf(stores: Stores, artifact: Artifact, chart: string): Promise<Result<readonly ChartVersion[] | undefined>> {
  const shard = await stores.renders.recall(shardKey(artifact, chart));
  if (shard !== undefined) {
    const versions = versionsIn(shard, chart);
    if (versions.ok) return versions;
  }
  const bytes = await stores.artifacts.get(artifact.digest);
  if (bytes === undefined) return problem("failed to load index: the artifact is not in storage");
  const charts = chartsIn(bytes);
  if (!charts.ok) return problem(`failed to load index: ${charts.problem}`);
  await rememberCharts(stores, charts.value, artifact);
  return ok(charts.value.get(chart));
}

/** What the server said of the version of the index that has become `artifact`; undefined when it is not known (any more). */
export async function recallValidators({ renders }: Pick<Stores, "renders">, url: string, artifact: Artifact): Promise<IndexValidators | undefined> {
  const bytes = await renders.recall(validatorsKey(url, artifact));
  if (bytes === undefined) return undefined;
  const parsed: Json = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(parsed)) return undefined;
  const { etag, lastModified } = parsed;
  return { ...(typeof etag === "string" && { etag }), ...(typeof lastModified === "string" && { lastModified }) };
}

export const rememberValidators = ({ renders }: Pick<Stores, "renders">, url: string, artifact: Artifact, validators: IndexValidators): Promise<void> =>
  renders.remember(validatorsKey(url, artifact), new TextEncoder().encode(JSON.stringify(validators)));

/** The same content may come with other words of the server later, so the name promises nothing. */
const validatorsKey = (url: string, { revision }: Artifact): string =>
  `helm index validators ${createHash("sha256").update(`${revision} ${url}`).digest("hex")}`;
