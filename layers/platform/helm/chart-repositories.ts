import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { ChartRepositories, ChartTarget } from "@sluice/engine/ports/chart-repositories.ts";
import { hostOf } from "@sluice/engine/source/helm/repository-url.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";
import type { Http } from "../http/exchange.ts";
import { type EcrPlace, ecrPlace, fetchEcrUser } from "./ecr-user.ts";
import { fetchChart, fetchIndex } from "./http-repository.ts";
import { type ChartLimits, DEFAULT_LIMITS } from "./limits.ts";
import { listTags, pullChart } from "./registry.ts";
import type { RegistryUser } from "./registry-session.ts";

export type ChartRepositoriesOptions = {
  /** The guarded client: tenants name the hosts. */
  readonly http: Http;
  /** Signed requests to ECR, where we are somebody in AWS: `createSignedRequests(service, { region, endpoint })`. */
  readonly ecr?: (place: EcrPlace) => SignedRequests;
  readonly limits?: ChartLimits;
};

/** Helm repositories over HTTP(S), and OCI registries. */
export function createChartRepositories({ http, ecr, limits = DEFAULT_LIMITS }: ChartRepositoriesOptions): ChartRepositories {
  async function userOf({ url, credentials, timeout }: ChartTarget): Promise<Result<RegistryUser | undefined>> {
    if (credentials === undefined) return ok(undefined);
    if (credentials.kind === "basic") return ok(credentials);
    const failed = (words: string) => problem(`failed to get credential from 'aws': ${words}`);
    const host = hostOf(url);
    const place = ecrPlace(host);
    if (place === undefined) return failed(`invalid ECR registry: '${host}'`);
    if (ecr === undefined) return failed("there are no credentials of AWS here");
    try {
      const user = await fetchEcrUser(ecr(place), place, AbortSignal.timeout(timeout));
      return user.ok ? user : failed(user.problem);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    index: (target, known) => fetchIndex(http, target, known, limits),
    chart: (target, url) => fetchChart(http, target, url, limits),
    tags: async (target, repository) => {
      const user = await userOf(target);
      return user.ok ? listTags({ http, limits, user: user.value }, target, repository) : { kind: "failed", message: user.problem };
    },
    pull: async (target, reference) => {
      const user = await userOf(target);
      return user.ok ? pullChart({ http, limits, user: user.value }, target, reference) : { kind: "failed", message: user.problem };
    },
  };
}
