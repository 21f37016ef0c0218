import { ok, problem, type Result } from "../../domain/result.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import { type Provider, parseProvider } from "../../flux/provider-object.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** The Provider, or why not, in Flux's words: it reads from a cache, which names kind and group. */
export async function readProvider(cluster: Pick<Cluster, "get">, namespace: string, name: string): Promise<Result<Provider>> {
  const { group, kind } = KINDS.Provider;
  const answer = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.Provider), kind, namespace, name });
  if (answer.kind === "absent") return problem(`failed to read provider: ${kind}.${group} "${name}" not found`);
  if (answer.kind === "refused") return problem(`failed to read provider: ${answer.message}`);
  const parsed = parseProvider(answer.object);
  return parsed.ok ? ok(parsed.value) : problem(`failed to read provider: ${parsed.problem}`);
}
