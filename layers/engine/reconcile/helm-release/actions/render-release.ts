import type { Chart } from "../../../build/helm/chart/chart.ts";
import { memoryIn } from "../../../build/helm/helm-memory.ts";
import type { HelmCapabilities, HelmLookup, HelmRenderAnswer } from "../../../build/helm/render.ts";
import { createParsedTexts } from "../../../build/helm/template/parsed-texts.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { secretValuesIn } from "../../../release/secret-values.ts";
import { inParallel } from "../../in-parallel.ts";
import { readsCapabilities } from "./reads-capabilities.ts";
import type { Run } from "./run.ts";

const ROUNDS = 5;

export type RenderRequest = {
  readonly chart: Chart;
  readonly values: JsonObject;
  readonly integers?: readonly string[];
  readonly revision: number;
  readonly isUpgrade: boolean;
  readonly skipSchemaValidation: boolean;
};

/**
 * The chart rendered for the cluster. What it looks up is read as the identity of the release, and it is rendered anew with the answers until it asks for nothing
 * more; chance and time are the same in all rounds.
 */
export async function renderRelease(
  run: Run,
  { chart, values, integers = [], revision, isUpgrade, skipSchemaValidation }: RenderRequest,
): Promise<HelmRenderAnswer> {
  const { deps, settings } = run;
  const release = { name: settings.releaseName, namespace: settings.releaseNamespace, revision, isUpgrade };
  const same = { chart, values, integers, release, skipSchemaValidation, postRender: settings.postRender, seed: deps.randomBytes(32), now: deps.clock.now() };
  const capabilities = readsCapabilities(chart, values) ? await readCapabilities(run) : NOT_ASKED;
  const lookups = new Map<string, Json>();
  const texts = deps.helm === undefined ? createParsedTexts() : memoryIn(deps.helm).texts;
  for (let round = 1; ; round++) {
    const answer = run.render({ ...same, capabilities, lookups }, texts);
    const wanted = answer.wanted.filter(({ key }) => !lookups.has(key));
    if (wanted.length === 0) return answer;
    if (round === ROUNDS)
      return { kind: "failed", message: `the chart still looks up something new after ${ROUNDS} rounds: ${shownLookup(wanted[0])}`, wanted: [] };
    const answers = await inParallel(wanted, deps.settings.parallel, async (lookup) => ({ lookup, found: await lookUp(run, lookup) }));
    for (const { lookup, found } of answers) {
      if (!found.ok) return { kind: "failed", message: `error calling lookup: ${found.problem}`, wanted: [] };
      for (const value of secretValuesIn([found.value])) run.lookedUp.add(value);
      lookups.set(lookup.key, found.value);
    }
  }
}

const shownLookup = (lookup: HelmLookup | undefined): string =>
  lookup === undefined ? "" : `lookup ${[lookup.apiVersion, lookup.kind, lookup.namespace, lookup.name].map((part) => JSON.stringify(part)).join(" ")}`;

/** Of a chart that has no use for it. */
const NOT_ASKED: HelmCapabilities = { kubeVersion: { version: "v0.0.0", major: "0", minor: "0" }, apiVersions: [] };

async function readCapabilities({ deps }: Run): Promise<HelmCapabilities> {
  const [kinds, kubeVersion] = await Promise.all([deps.kinds.all(), deps.kinds.serverVersion()]);
  return { kubeVersion, apiVersions: [...new Set(kinds.flatMap(({ apiVersion, kind }) => [apiVersion, `${apiVersion}/${kind}`]))] };
}

/** What is not there is an empty map; a list without a name has all of a namespace, or of all. Source: Helm 4, pkg/engine/lookup_func.go. */
async function lookUp({ cluster, deps }: Run, { apiVersion, kind, namespace, name }: HelmLookup): Promise<Result<Json>> {
  const facts = await deps.kinds.find(apiVersion, kind);
  if (facts === undefined) return problem(`unable to get apiresource from unstructured: ${apiVersion}, Kind=${kind}`);
  const where = facts.namespaced && namespace !== "" ? { namespace } : {};
  if (name !== "") {
    const answer = await cluster.get({ apiVersion, kind, name, ...where });
    if (answer.kind === "absent") return ok({});
    return answer.kind === "refused" ? problem(answer.message) : ok(jsonOf(answer.object));
  }
  const answer = await cluster.list({ apiVersion, kind, ...where });
  if (answer.kind === "refused") return problem(answer.message);
  return ok({ apiVersion, kind: `${kind}List`, metadata: { resourceVersion: answer.resourceVersion }, items: answer.items.map(jsonOf) });
}
