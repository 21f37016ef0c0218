import { createHash } from "node:crypto";
import type { ApiResponse, IncomingRequest } from "../../../lib/local/sandbox/http/request.ts";
import { parseRequestInfo } from "../../../lib/local/sandbox/http/request-info.ts";
import { statusBody } from "../../../lib/local/sandbox/http/status.ts";
import type { Intercept } from "../../../lib/local/sandbox/sandbox.ts";

/** One request to an API server that was answered by it. */
export type ApiRequest = {
  readonly at: number;
  /** `source`, `apply`, `sweep`, `notify` or `receiver`; `admin` for everybody else. */
  readonly by: string;
  /** `get`, `list`, `apply`, `patch`, `create`, `delete` …; `path` for what is no resource. */
  readonly verb: string;
  readonly dryRun: boolean;
  /** `configmaps/default/settings`, with the group before it and the subresource behind it, as far as there are any. */
  readonly target: string;
  readonly group: string;
  readonly subresource: string;
  readonly code: number;
  /** The cluster is another one after it than before. */
  readonly changed: boolean;
  /** Of the body, and for a deletion of what was deleted: the same write twice has the same content. */
  readonly content: string;
};

export type ApiAsk = Pick<ApiRequest, "by" | "verb" | "dryRun" | "target" | "group" | "subresource">;

export type ApiFault = {
  /** Which requests of our functions; all without it. */
  readonly when?: (ask: ApiAsk) => boolean;
  readonly skip?: number;
  readonly times?: number;
  readonly effect:
    | { readonly kind: "answer"; readonly code: number; readonly headers?: Readonly<Record<string, string>>; readonly reason: string }
    | { readonly kind: "delay"; readonly ms: number }
    /** All connections break: before the request was done, or after it. */
    | { readonly kind: "drop"; readonly when: "before" | "after" }
    /** Something else happens to the world at this moment; the request goes on. */
    | { readonly kind: "do"; readonly when: "before" | "after"; readonly act: () => unknown };
};

export type ApiRequests = {
  readonly all: readonly ApiRequest[];
  readonly intercept: Intercept;
  /** From now on; the answer takes it back. */
  fault(fault: ApiFault): () => void;
};

export type ApiRequestsOptions = {
  /** The last write's resourceVersion, and an object's uid. */
  readonly version: () => string;
  readonly uid: (group: string, resource: string, namespace: string, name: string) => string | undefined;
  readonly cut: () => void;
};

const APPLY = "application/apply-patch+yaml";

/** Notes what reaches a sandbox, and spoils it where a test wants that. */
export function createApiRequests({ version, uid, cut }: ApiRequestsOptions): ApiRequests {
  type Armed = { readonly fault: ApiFault; skip: number; times: number };
  const all: ApiRequest[] = [];
  const armed = new Set<Armed>();

  const find = (ask: ApiAsk): ApiFault["effect"] | undefined => {
    for (const one of armed) {
      if (one.times <= 0 || one.fault.when?.(ask) === false) continue;
      if (one.skip > 0) {
        one.skip -= 1;
        continue;
      }
      one.times -= 1;
      return one.fault.effect;
    }
    return undefined;
  };

  const done = (incoming: IncomingRequest, answer: () => ApiResponse): ApiResponse => {
    const info = parseRequestInfo(incoming.method, incoming.path, incoming.query);
    const deleted = info.kind === "resource" && info.verb === "delete" ? uid(info.group, info.resource, info.namespace, info.name) : undefined;
    const before = version();
    const answered = answer();
    const changed = version() !== before;
    all.push({ ...askOf(incoming), at: Date.now(), code: answered.code, changed, content: deleted ?? hashOf(incoming.body) });
    return answered;
  };

  return {
    all,
    fault: (fault) => {
      const one = { fault, skip: fault.skip ?? 0, times: fault.times ?? Number.POSITIVE_INFINITY };
      armed.add(one);
      return () => armed.delete(one);
    },
    intercept: (incoming, answer) => {
      const effect = incoming.tokenUser === undefined ? undefined : find(askOf(incoming));
      return effect === undefined ? done(incoming, answer) : spoil(effect, () => done(incoming, answer), cut);
    },
  };
}

async function spoil(effect: ApiFault["effect"], answer: () => ApiResponse, cut: () => void): Promise<ApiResponse> {
  switch (effect.kind) {
    case "answer": {
      const { code, headers = {}, reason } = effect;
      return { kind: "json", code, headers, body: statusBody({ code, reason, message: `a fault of the test: ${reason}` }) };
    }
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, effect.ms));
      return answer();
    case "drop": {
      const answered = effect.when === "after" ? answer() : undefined;
      cut();
      return answered ?? { kind: "raw", code: 500, contentType: "text/plain", body: "nobody reads this" };
    }
    case "do": {
      if (effect.when === "before") effect.act();
      const answered = answer();
      if (effect.when === "after") effect.act();
      return answered;
    }
  }
}

function askOf(incoming: IncomingRequest): ApiAsk {
  const info = parseRequestInfo(incoming.method, incoming.path, incoming.query);
  const by = whoIs(incoming);
  const dryRun = incoming.query.has("dryRun");
  if (info.kind === "path") return { by, verb: "path", dryRun, target: info.path, group: "", subresource: "" };
  const { group, resource, namespace, name, subresource } = info;
  const verb = info.verb === "patch" && incoming.headers["content-type"]?.split(";")[0] === APPLY ? "apply" : info.verb;
  const target = [group, resource, namespace, name, subresource].filter((part) => part !== "").join("/");
  return { by, verb, dryRun, target, group, subresource };
}

/** By the session of the role that the token stands for: `arn:aws:sts::…:assumed-role/sluice-apply/…`. */
function whoIs({ tokenUser }: IncomingRequest): string {
  const arn = tokenUser?.extra?.["arn"]?.[0] ?? "";
  return /assumed-role\/sluice-(\w+)\//.exec(arn)?.[1] ?? "admin";
}

const hashOf = (body: Uint8Array): string => createHash("sha256").update(body).digest("hex").slice(0, 12);
