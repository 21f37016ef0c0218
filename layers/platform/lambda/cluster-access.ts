import { type Milliseconds, minutes, ms } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import { createGateHttp, type InvokeGate } from "../gate/gate-http.ts";
import type { LargeAnswers } from "../gate/large-answers.ts";
import { createCluster } from "../kubernetes/cluster.ts";
import type { Connection } from "../kubernetes/connection.ts";
import { createHttp, type Http, type HttpOptions, withSignal } from "../kubernetes/http.ts";
import { createKinds } from "../kubernetes/kinds.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import type { FunctionHost } from "./function-host.ts";
import type { GateAddress } from "./gate-invokes.ts";
import { watchedHttp } from "./watched-http.ts";

export type ClusterAccessOptions = {
  readonly configs: readonly ClusterConfig[];
  readonly connections: { open(config: ClusterConfig): Promise<Connection>; forget(name: string): void };
  /** For private clusters; see `createGateInvokes`. */
  readonly invokeGate: (address: GateAddress) => InvokeGate;
  /** Where answers of gates that are too large for an invocation lie. */
  readonly answers: Pick<LargeAnswers, "take">;
  readonly host: Pick<FunctionHost, "clock" | "logOf" | "metrics">;
  readonly http?: Omit<HttpOptions, "parallel">;
};

export type OpenCluster = {
  readonly kind: "opened";
  readonly config: ClusterConfig;
  readonly http: Http;
  readonly kinds: Kinds;
  /** As the function's own role. */
  readonly cluster: Cluster;
  /** As that user, and in no group but its own; as the function's own role without one. */
  readonly as: (user: string | undefined) => Cluster;
};

/** Unknown: the configuration of this installation has no such cluster (any more). */
export type OpenedCluster = OpenCluster | { readonly kind: "unknown"; readonly name: string };

export type ClusterAccess = {
  /**
   * The cluster of that name, over connections that this sandbox keeps: the same value each time for as long as it answers, but with a `signal`, which ends
   * what is sent. Throws when AWS does not say where the cluster is, or gives us no role for it.
   */
  open(name: string, signal?: AbortSignal): Promise<OpenedCluster>;
  /** What is known of where it is, and its connections, are given up: the next `open` begins anew. */
  forget(name: string): void;
};

/** CRDs come, go and change their versions while a sandbox lives for hours. What was not found is asked anew each time anyway. */
const KINDS_TTL = minutes(5);

type Kept = { readonly connection: Connection; readonly open: OpenCluster };

/** The clusters of an installation, each opened once for as long as it answers. */
export function createClusterAccess(options: ClusterAccessOptions): ClusterAccess {
  const { configs, connections, host } = options;
  const known = new Map(configs.map((config) => [config.name, config]));
  const kept = new Map<string, Kept>();

  function keep(config: ClusterConfig, connection: Connection): Kept {
    const kinds = createAgingKinds(() => createKinds(http), host.clock, KINDS_TTL);
    const http = watchedHttp(plainHttp(options, config, connection), {
      server: connection.server,
      log: host.logOf(config.name),
      onUnreachable: () => host.metrics.count("ClusterUnreachable", 1, { cluster: config.name }),
      onLost: () => {
        // Where the server has moved meanwhile, the new one has been opened already: it stays.
        if (kept.get(config.name)?.open.http !== http) return;
        kept.delete(config.name);
        connections.forget(config.name);
      },
      onNotServed: kinds.renew,
    });
    return { connection, open: openedOver(config, http, kinds) };
  }

  async function connect(config: ClusterConfig): Promise<Connection> {
    try {
      return await connections.open(config);
    } catch (error) {
      host.logOf(config.name).error("cluster cannot be found", { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
      host.metrics.count("ClusterUnreachable", 1, { cluster: config.name });
      throw error;
    }
  }

  return {
    open: async (name, signal) => {
      const config = known.get(name);
      if (config === undefined) return { kind: "unknown", name };
      const connection = await connect(config);
      const before = kept.get(name);
      // The same value until the server has moved.
      if (before?.connection !== connection) before?.open.http.close();
      const now = before?.connection === connection ? before : keep(config, connection);
      kept.set(name, now);
      const { http, kinds } = now.open;
      return signal === undefined ? now.open : openedOver(config, withSignal(http, signal), kinds);
    },
    forget: (name) => {
      kept.get(name)?.open.http.close();
      kept.delete(name);
      connections.forget(name);
    },
  };
}

function openedOver(config: ClusterConfig, http: Http, kinds: Kinds): OpenCluster {
  const cluster = createCluster(http, kinds);
  return { kind: "opened", config, http, kinds, cluster, as: (user) => (user === undefined ? cluster : createCluster(http, kinds, { user })) };
}

function plainHttp({ invokeGate, answers, http = {} }: ClusterAccessOptions, config: ClusterConfig, connection: Connection): Http {
  const { gate, region } = config;
  return gate === undefined ? createHttp(connection, http) : createGateHttp(connection, { ...http, invoke: invokeGate({ gate, region }), answers });
}

/** Kinds that are found out anew when they are old, or when the server does not serve what it did. */
function createAgingKinds(create: () => Kinds, clock: Clock, ttl: Milliseconds): Kinds & { renew(): void } {
  let made: { readonly kinds: Kinds; readonly at: Milliseconds } | undefined;
  const current = (): Kinds => {
    const now = ms(clock.now());
    if (made === undefined || now - made.at >= ttl) made = { kinds: create(), at: now };
    return made.kinds;
  };
  return {
    find: (apiVersion, kind) => current().find(apiVersion, kind),
    versions: (group, kind) => current().versions(group, kind),
    schemas: () => current().schemas(),
    all: () => current().all(),
    serverVersion: () => current().serverVersion(),
    renew: () => {
      made = undefined;
    },
  };
}
