import type { Manifest } from "../domain/manifest.ts";
import type { ObjectKey } from "../domain/object-key.ts";
import type { ClusterItem } from "../domain/work-item.ts";
import { apiVersionOfKind, type FluxKind, KINDS } from "../flux/kinds.ts";
import { isDue } from "../plan/due.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Queue } from "../ports/queue.ts";
import { dueInputOf } from "./due-input.ts";

export type SweepDeps = { readonly cluster: Cluster; readonly queue: Queue; readonly log: Log; readonly clusterName: string };

/** Lists every kind of Flux once, and sends what became due in the window of `item`. It writes neither status nor objects. Source: design §4. */
export async function sweep(deps: SweepDeps, item: ClusterItem): Promise<void> {
  const window = { from: item.since, to: item.until };
  for (const kind of Object.values(KINDS)) {
    const answer = await deps.cluster.list({ apiVersion: apiVersionOfKind(kind), kind: kind.kind });
    if (answer.kind === "refused") continue; // not served: nothing of that kind is installed
    for (const object of answer.items) {
      const state = isDue(dueInputOf(object), window);
      if (state.kind === "due") await deps.queue.send({ kind: "object", key: keyOf(deps, kind, object), cause: state.cause, look: `sweep ${item.until}` });
    }
  }
}

const keyOf = ({ clusterName }: SweepDeps, { group, kind }: FluxKind, { metadata }: Manifest): ObjectKey => ({
  cluster: clusterName,
  group,
  kind,
  namespace: metadata.namespace ?? "",
  name: metadata.name ?? "",
});
