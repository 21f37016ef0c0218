import { epochMs } from "@sluice/engine/domain/time.ts";
import { createGate, type Gate } from "@sluice/platform/gate/gate.ts";
import { createGateHttp, type GateConnection, type GateHttpOptions, type InvokeGate } from "@sluice/platform/gate/gate-http.ts";
import type { LargeAnswers } from "@sluice/platform/gate/large-answers.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";

export type GateWorld = {
  /** Through the gate, as a synchronous invocation would. */
  readonly http: Http;
  readonly gate: Gate;
  /** What went in and came out of each invocation, as JSON. */
  readonly payloads: string[];
  readonly replies: string[];
  /** The lines of the gate's log. */
  readonly lines: string[];
  /** What lies in the bucket. */
  readonly stored: Map<string, Uint8Array>;
  /** Every key that was ever written. */
  readonly written: string[];
  close(): void;
};

export const hostOf = (server: string): string => new URL(server).host;

export function createMemoryAnswers(stored: Map<string, Uint8Array>, written: string[]): LargeAnswers {
  return {
    put: async (key, bytes) => {
      written.push(key);
      stored.set(key, bytes);
    },
    take: async (key) => {
      const bytes = stored.get(key);
      if (bytes === undefined) throw new Error(`nothing at ${key}`);
      stored.delete(key);
      return bytes;
    },
  };
}

/** A gate in this process that may speak to `connection`'s server, and a client that goes through it. `around` stands between the two. */
export function createGateWorld(
  connection: GateConnection,
  options: Partial<GateHttpOptions> = {},
  around: (invoke: InvokeGate) => InvokeGate = (one) => one,
): GateWorld {
  const stored = new Map<string, Uint8Array>();
  const [payloads, replies, lines, written]: [string[], string[], string[], string[]] = [[], [], [], []];
  const answers = createMemoryAnswers(stored, written);
  const line = (message: string, fields: object): void => void lines.push(JSON.stringify({ message, ...fields }));
  const gate = createGate({
    allowed: [hostOf(connection.server)],
    answers: async () => answers,
    log: { info: line, error: line },
    clock: { now: () => epochMs(0) },
  });
  const invoke: InvokeGate = async (payload, signal) => {
    payloads.push(payload);
    const reply = JSON.stringify(await gate.handle(JSON.parse(payload), signal));
    replies.push(reply);
    return reply;
  };
  const http = createGateHttp(connection, { invoke: around(invoke), answers, ...options });
  return { http, gate, payloads, replies, lines, stored, written, close: gate.close };
}

/** A connection by token alone, as EKS gives it, to a server that we reach by certificate: as a service account that may do everything. */
export async function tokenConnection(admin: Connection): Promise<GateConnection> {
  const http = createHttp(admin);
  const cluster = createCluster(http, createKinds(http));
  const options = { manager: "test", force: true, dryRun: false };
  const subject = { kind: "ServiceAccount", name: "gate", namespace: "default" };
  await cluster.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "gate", namespace: "default" } }, options);
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "gate" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [subject],
  };
  await cluster.apply(binding, options);
  const body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3600 } });
  const answer = await http.send({ method: "POST", path: "/api/v1/namespaces/default/serviceaccounts/gate/token", body });
  http.close();
  const { status }: { status?: { token?: string } } = JSON.parse(answer.body);
  const token = status?.token;
  if (token === undefined) throw new Error(`no token: ${answer.code}`);
  const { server, certificateAuthority } = admin;
  return { server, ...(certificateAuthority !== undefined && { certificateAuthority }), token: async () => token };
}
