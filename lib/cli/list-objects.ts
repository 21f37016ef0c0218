import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Cluster, ListQuery, Refusal } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "./failure.ts";

/** The cluster does not serve the kind at all. */
export class NoSuchKind extends Failure {}

/** All objects of a kind, in the server's order. Throws a Failure with the server's words. */
export async function listObjects(cluster: Cluster, query: ListQuery): Promise<readonly Manifest[]> {
  const answer = await cluster.list(query);
  if (answer.kind === "listed") return answer.items;
  throw refusalFailure(answer);
}

export const refusalFailure = ({ why, message }: Refusal): Failure => (why === "unknown-kind" ? new NoSuchKind(message) : new Failure(message));
