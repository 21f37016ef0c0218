import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { matchesSelector, parseLabelSelector } from "@sluice/engine/plan/label-selector.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttpOver, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import type { Request, Response } from "@sluice/platform/kubernetes/request.ts";
import { Unanswered } from "@sluice/platform/kubernetes/transport.ts";
import type { OpenCluster } from "@sluice/platform/lambda/cluster-access.ts";
import { createApi } from "../../lib/local/sandbox/api.ts";
import { createBootstrapRoles } from "../../lib/local/sandbox/authorization/bootstrap.ts";
import { createInitialObjects } from "../../lib/local/sandbox/storage/initial-objects.ts";
import type { Store } from "../../lib/local/sandbox/storage/store.ts";
import type { Waits } from "./waits.ts";

/** The sandbox's API server without its HTTP: the same rules, field management included, and each request costs the simulated time that `waits` says. */
export type ApiServer = {
  readonly store: Store;
  /** As an administrator, at no cost: who sets the scene. */
  readonly admin: OpenCluster;
  /** As one sandbox of a function reaches it: what it finds out about kinds is its own. */
  open(): OpenCluster;
  /** So many requests it has been sent by functions. */
  requests(): number;
  /** While it is dead, nobody answers. */
  setDead(isDead: boolean): void;
};

const ADMINISTRATOR = { commonName: "kubernetes-admin", organizations: ["system:masters"] };
/** The worst way to be dead: the connection is taken, and nothing comes. Source: platform/kubernetes/http.ts, ANSWER_MS. */
const SILENCE_MS = 60_000;

type Answer = (request: Request) => Response;

export type ApiServerDeps = { readonly clock: Clock; readonly waits: Waits; readonly createUid: () => string };

export function createApiServer(name: string, { clock, waits, createUid }: ApiServerDeps): ApiServer {
  const { store, answer } = createServer(clock, createUid);
  const lists = new Map<string, KeptList>();
  const sent = new Map<string, number>();
  let dead = false;

  /** What a request costs before it is answered; throws when it is not. */
  async function reach(): Promise<void> {
    sent.set("all", (sent.get("all") ?? 0) + 1);
    await waits.wait(dead ? SILENCE_MS : waits.costs.apiServer);
    if (dead) throw new Unanswered(new Error("The operation was aborted due to timeout"), { sent: true, passing: true });
  }

  function open(): OpenCluster {
    const opened = openOver(
      name,
      httpOver(
        async (request) => {
          await reach();
          return answer(request);
        },
        clock,
        waits,
      ),
    );
    const list: Cluster["list"] = async (query) => {
      const { apiVersion, kind, namespace, labelSelector = "" } = query;
      const key = `${apiVersion} ${kind}`;
      const version = store.resourceVersion();
      const before = lists.get(key);
      const selector = parseLabelSelector(labelSelector);
      if (before === undefined || before.version !== version || dead || !selector.ok) {
        const whole = namespace === undefined && labelSelector === "";
        const asked = await opened.cluster.list(query);
        if (whole && asked.kind === "listed") lists.set(key, { version, items: asked.items });
        else if (asked.kind === "listed" && store.resourceVersion() === version) await keepAll(key, version, { apiVersion, kind });
        return asked;
      }
      const items = before.items.filter(
        ({ metadata }) => (namespace === undefined || metadata.namespace === namespace) && matchesSelector(selector.value, metadata.labels),
      );
      for (let page = 0; page < Math.max(1, Math.ceil(items.length / PAGE)); page++) await reach();
      return { kind: "listed", items, resourceVersion: version };
    };
    return { ...opened, http: { ...opened.http, sent }, cluster: { ...opened.cluster, list } };
  }

  const admin = openOver(
    name,
    httpOver(async (request) => answer(request), clock),
  );
  /** At no cost: nobody of the simulated ones asked for it. */
  async function keepAll(key: string, version: string, kind: { readonly apiVersion: string; readonly kind: string }): Promise<void> {
    const all = await admin.cluster.list(kind);
    if (all.kind === "listed" && store.resourceVersion() === version) lists.set(key, { version, items: all.items });
  }

  return {
    store,
    admin,
    open,
    requests: () => sent.get("all") ?? 0,
    setDead: (isDead) => {
      dead = isDead;
    },
  };
}

/**
 * A LIST of a cluster in which nothing was written since is answered with the objects that were read before: a day of many clusters is mostly that, and to
 * write and parse the same objects again would be most of what the simulation does. Its requests count and take their time all the same.
 */
type KeptList = { readonly version: string; readonly items: readonly Manifest[] };
/** Source: platform/kubernetes/cluster.ts. */
const PAGE = 1000;

function createServer(clock: Clock, createUid: () => string): { readonly store: Store; readonly answer: Answer } {
  const { store, answer: pipeline } = createApi({ ...clock, address: () => "", createUid });
  createInitialObjects(store, 443);
  createBootstrapRoles(store);

  return {
    store,
    answer: ({ method, path, body, contentType, accept, headers = {} }) => {
      const [folder = "", query = ""] = path.split("?");
      const sent: IncomingHttpHeaders = { ...headers, accept: accept ?? "application/json", ...(contentType !== undefined && { "content-type": contentType }) };
      const response = pipeline({
        method,
        path: decodeURIComponent(folder),
        query: new URLSearchParams(query),
        headers: sent,
        body: Buffer.from(body ?? ""),
        certificate: ADMINISTRATOR,
      });
      if (response.kind === "stream") throw new Error(`nobody watches here: ${path}`);
      return { code: response.code, headers: {}, body: response.kind === "json" ? JSON.stringify(response.body satisfies Json) : String(response.body) };
    },
  };
}

function httpOver(send: (request: Request) => Promise<Response>, { now }: Clock, waits?: Waits): Http {
  const transport = { send, open: () => Promise.reject(new Error("nobody watches here")), close: () => undefined };
  return createHttpOver(transport, {}, { now, chance: () => 0.5, wait: async (milliseconds) => waits?.wait(milliseconds) });
}

function openOver(name: string, http: Http): OpenCluster {
  const kinds = createKinds(http);
  const cluster = createCluster(http, kinds);
  return {
    kind: "opened",
    config: { name, region: "us-east-1" },
    http,
    kinds,
    cluster,
    as: (user) => (user === undefined ? cluster : createCluster(http, kinds, { user })),
  };
}
