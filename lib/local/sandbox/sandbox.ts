import { epochMs, type Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import { createApi } from "./api.ts";
import { type AuthenticateToken, withTokenUser } from "./authentication/authenticate.ts";
import { createRoleAggregation } from "./authorization/aggregation.ts";
import { createBootstrapRoles } from "./authorization/bootstrap.ts";
import { createControllers } from "./controllers/controllers.ts";
import type { ApiResponse, IncomingRequest } from "./http/request.ts";
import type { RequestCounter } from "./http/request-counter.ts";
import { startServer } from "./http/server.ts";
import { kubernetesVersion } from "./kinds/kinds.ts";
import { kubeconfigText } from "./pki/kubeconfig.ts";
import { createCertificateAuthority, type KeyPair } from "./pki/pki.ts";
import { createInitialObjects } from "./storage/initial-objects.ts";
import type { Store } from "./storage/store.ts";

export type SandboxOptions = {
  /** Whether nodes, storage and cloud are simulated, too; default true. Without them nothing ever runs, as on a cluster without nodes. */
  readonly nodes?: boolean;
  /** Default: any free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Asked about bearer tokens that are not the cluster's own service account tokens; without it they are refused. */
  readonly authenticateToken?: AuthenticateToken;
  readonly intercept?: Intercept;
};

/** Stands between the network and the API, for tests of what goes wrong there. `answer` does what was asked, at once: nobody else writes in between. */
export type Intercept = (incoming: IncomingRequest, answer: () => ApiResponse) => ApiResponse | Promise<ApiResponse>;

/** A Kubernetes API server in memory, on 127.0.0.1. */
export type Sandbox = {
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
  /** For an administrator (group system:masters), with a client certificate. */
  kubeconfig(): string;
  /** For any other user. */
  kubeconfigFor(user: string, groups: readonly string[]): string;
  readonly requests: RequestCounter;
  /** The objects, without HTTP: for tests. */
  readonly store: Store;
  stop(): Promise<void>;
};

/** What runs later, and never after the end; it keeps no process alive. */
function createTimers(): { after(delay: Milliseconds, run: () => void): void; stop(): void } {
  const open = new Set<NodeJS.Timeout>();
  return {
    after: (delay, run) => {
      const timer = setTimeout(() => {
        open.delete(timer);
        run();
      }, delay).unref();
      open.add(timer);
    },
    stop: () => {
      for (const timer of open) clearTimeout(timer);
    },
  };
}

const SYSTEM_MASTERS = "system:masters";

const straight: Intercept = (_, answer) => answer();

/** Starts the cluster; everything in it is gone when it stops. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock: Clock = options.clock ?? { now: () => epochMs(Date.now()) };
  const now = clock.now;
  const authority = createCertificateAuthority({ commonName: "kubernetes", now: new Date(now()) });
  const admin = authority.issue({ commonName: "kubernetes-admin", organizations: [SYSTEM_MASTERS], use: "client" });

  let address = "";
  const { store, tokens, requests, answer, definitions } = createApi({ now, address: () => address });
  const { authenticateToken, intercept = straight } = options;

  const certificate = authority.issue({
    commonName: "kube-apiserver",
    use: "server",
    hosts: ["127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "10.96.0.1"],
  });
  const server = await startServer({
    port: options.port ?? 0,
    certificate,
    clientAuthority: authority.certificate,
    answer: async (incoming) => {
      const known = authenticateToken === undefined ? incoming : await withTokenUser(incoming, tokens, authenticateToken);
      return intercept(known, () => answer(known));
    },
  });
  address = `127.0.0.1:${server.port}`;
  createInitialObjects(store, server.port);
  createBootstrapRoles(store);
  const aggregation = createRoleAggregation(store);
  const timers = createTimers();
  const controllers = createControllers(store, {
    nodes: options.nodes ?? true,
    clock,
    after: timers.after,
    certificate: authority.certificate,
    version: kubernetesVersion(),
  });

  const url = `https://${address}`;
  const kubeconfigOf = (user: string, client: KeyPair): string =>
    kubeconfigText({ name: "sluice-sandbox", url, certificateAuthority: authority.certificate, user, client });
  return {
    url,
    certificateAuthority: authority.certificate,
    kubeconfig: () => kubeconfigOf("kubernetes-admin", admin),
    kubeconfigFor: (user, groups) => kubeconfigOf(user, authority.issue({ commonName: user, organizations: groups, use: "client" })),
    requests,
    store,
    stop: async () => {
      controllers.stop();
      timers.stop();
      aggregation.stop();
      definitions.stop();
      await server.stop();
    },
  };
}
