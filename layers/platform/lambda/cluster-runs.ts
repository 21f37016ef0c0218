import type { ClusterAccess, OpenCluster } from "./cluster-access.ts";
import type { FunctionHost } from "./function-host.ts";
import { createRequestCounts } from "./request-counts.ts";

export type ClusterRuns = {
  /**
   * Does something in the cluster of that name; undefined: the installation has no such cluster. What it asks of the cluster ends with `signal`, and with itself:
   * a sandbox is frozen when its function has answered, and what was left would go on in the middle of another invocation.
   */
  within<Value>(name: string, signal: AbortSignal, use: (opened: OpenCluster, signal: AbortSignal) => Promise<Value>): Promise<Value | undefined>;
};

/** Runs side by side over clusters whose connections are kept, with their requests counted once each. */
export function createClusterRuns({
  access,
  host,
}: {
  readonly access: Pick<ClusterAccess, "open">;
  readonly host: Pick<FunctionHost, "metrics">;
}): ClusterRuns {
  const countRequests = createRequestCounts(host);

  return {
    within: async (name, signal, use) => {
      const over = new AbortController();
      const both = AbortSignal.any([signal, over.signal]);
      const opened = await access.open(name, both);
      if (opened.kind === "unknown") return undefined;
      try {
        return await use(opened, both);
      } finally {
        over.abort();
        countRequests(opened);
      }
    },
  };
}
