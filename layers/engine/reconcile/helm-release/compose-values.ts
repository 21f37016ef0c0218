import type { JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** Until H3's is here. */
export async function composeValues(_cluster: Pick<Cluster, "get">, { spec }: HelmRelease): Promise<Result<JsonObject>> {
  return spec.valuesFrom.length === 0 ? ok(spec.values) : problem("valuesFrom is not there yet");
}
