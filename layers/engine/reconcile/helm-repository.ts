import type { Outcome } from "../domain/outcome.ts";
import { type HelmRepository, parseHelmRepository } from "../flux/helm-repository-object.ts";
import type { ChartTarget } from "../ports/chart-repositories.ts";
import { normalizeRepositoryUrl } from "../source/helm/repository-url.ts";
import { hidePassword } from "../source/remote-url.ts";
import { findChartAccess } from "./helm-repository/access.ts";
import { CRD, type HelmRepositoryDeps } from "./helm-repository/deps.ts";
import { type End, failedEnd, type Step, stalledEnd } from "./helm-repository/end.ts";
import { fetchIndex, storeIndex } from "./helm-repository/fetch.ts";
import { becomeStatic } from "./helm-repository/static.ts";
import { newsOf, OWNED_CONDITIONS, summarise } from "./helm-repository/summarise.ts";
import { reconcileSource, type Worked } from "./source/reconcile-source.ts";
import { begun, type SourceProgress } from "./source/source-conditions.ts";
import type { SourceKind } from "./source/source-object.ts";
import { announce } from "./source/source-pass.ts";

export type { HelmRepositoryDeps } from "./helm-repository/deps.ts";

const KIND: SourceKind<HelmRepository> = { crd: CRD, owned: OWNED_CONDITIONS, parse: parseHelmRepository };

/** One pass over one HelmRepository, from the index to the status. A registry has no index: nothing but what is left of one is done about it. Source: reference 1.1, 1.4. */
export function reconcileHelmRepository(deps: HelmRepositoryDeps, object: HelmRepository): Promise<Outcome> {
  if (object.spec.type === "oci") return becomeStatic(deps, KIND, object);
  return reconcileSource(deps, KIND, object, {
    work: (at, wrote) => work(deps, at, wrote),
    summarise,
  });
}

/** The ladder: every rung ends the pass or hands on what the next one needs. `wrote`: this pass has announced itself already. */
async function work(deps: HelmRepositoryDeps, object: HelmRepository, wrote: boolean): Promise<Worked<HelmRepository, End>> {
  const { artifact } = object.status;
  const progress: SourceProgress = { lost: artifact !== undefined && !(await deps.artifacts.has(artifact.digest)) };
  const target = await findTarget(deps, object, progress);
  if (target.kind === "end") return { ...target, object };
  const fetched = await fetchIndex(deps, object, target.value, progress);
  if (fetched.kind === "end") return { ...fetched, object };
  const told = wrote ? { kind: "go" as const, object } : await announce(deps, KIND, object, begun(object, newsOf(fetched.value.revision), deps.clock.now()));
  if (told.kind === "end") return { kind: "outcome", outcome: told.outcome };
  return { kind: "end", end: await storeIndex(deps, told.object, fetched.value, progress), object: told.object };
}

async function findTarget({ cluster }: HelmRepositoryDeps, object: HelmRepository, progress: SourceProgress): Promise<Step<ChartTarget>> {
  const { spec, metadata } = object;
  const invalid = (words: string) => stalledEnd("URLInvalid", `invalid Helm repository URL: ${words}`);
  if (/^oci:/i.test(spec.url)) return invalid("'oci' URL scheme cannot be used with 'default' HelmRepository type");
  const url = normalizeRepositoryUrl(spec.url);
  if (!url.ok) return invalid(url.problem);
  if (!/^https?:/i.test(url.value)) return stalledEnd("Failed", `failed to construct Helm client: scheme ${JSON.stringify(schemeOf(url.value))} not supported`);
  const access = await findChartAccess(cluster, metadata.namespace, spec, spec.url);
  switch (access.kind) {
    case "found":
      return { kind: "next", value: access.target };
    case "failed":
      return failedEnd("AuthenticationFailed", hidePassword(access.message), progress);
    case "unsupported":
      return stalledEnd("UnsupportedField", `not implemented yet: ${access.field}`);
  }
}

const schemeOf = (url: string): string => /^[a-z][a-z0-9+.-]*(?=:)/i.exec(url)?.[0] ?? "";
