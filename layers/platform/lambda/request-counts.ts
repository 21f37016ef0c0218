import type { OpenCluster } from "./cluster-access.ts";
import type { FunctionHost } from "./function-host.ts";

/** Counts the requests to a cluster since it was last counted, however many runs share its connections. */
export function createRequestCounts({ metrics }: Pick<FunctionHost, "metrics">): (opened: OpenCluster) => void {
  /** By the connections that they are counts of. */
  const counted = new WeakMap<object, number>();
  return ({ http: { sent }, config }) => {
    const all = [...sent.values()].reduce((sum, times) => sum + times, 0);
    const more = all - (counted.get(sent) ?? 0);
    counted.set(sent, all);
    if (more > 0) metrics.count("ApiRequests", more, { cluster: config.name });
  };
}
