import { createHash } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { goJson } from "../message/go-json.ts";
import { basic, secretText } from "../posting/authorization.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import type { Stage } from "./commit-status.ts";
import { type Api, ask, textOf } from "./exchange.ts";
import { parseRepositoryAddress, partsOf } from "./repository-address.ts";
import { createStatusSender, type StatusApi } from "./status-sender.ts";

export const BITBUCKET_STATE: { readonly [stage in Stage]: string } = { pending: "INPROGRESS", success: "SUCCESSFUL", failure: "FAILED" };

/** Whatever the address says, Bitbucket Cloud is asked. Recorded in providers/bitbucket-*. */
const API = "https://api.bitbucket.org/2.0";
const NO_TARGET = "https://bitbucket.org";

export function createBitbucketSender(): Sender {
  return createStatusSender({
    words: { unknownSeverity: "can't convert to bitbucket state" },
    configure: (notification, world) => {
      const access = accessOf(notification.provider);
      if (!access.ok) return access;
      const { path, token } = access.value;
      return { ok: true, value: async () => statusApi(bitbucketApi(token, notification, world), path) };
    },
  });
}

/** The key of a status: Bitbucket takes 40 characters at most. */
export const bitbucketKey = (id: string): string => createHash("sha1").update(id).digest("hex");

type Access = {
  /** `/repositories/acme/shop`. */
  readonly path: string;
  readonly token: { readonly user: string; readonly password: string };
};

function accessOf(provider: ProviderSettings): Result<Access> {
  const token = secretText(provider, "token");
  if (token === "") return problem("bitbucket token cannot be empty");
  const address = parseRepositoryAddress(provider.address);
  if (!address.ok) return address;
  const [user, password, ...more] = token.split(":");
  if (user === undefined || password === undefined || more.length > 0) return problem("invalid token format, expected to be <user>:<password>");
  const parts = partsOf(address.value, 2);
  if (!parts.ok) return parts;
  return ok({ path: `/repositories/${parts.value.map(encodeURIComponent).join("/")}`, token: { user, password } });
}

/** proxySecretRef is not heeded. Source: providers/transport.yaml. */
function bitbucketApi({ user, password }: Access["token"], { provider: { tls }, done }: Notification, world: SenderWorld): Api {
  return {
    world,
    url: API,
    headers: {},
    authorization: basic(user, password),
    secrets: [password],
    ...(tls !== undefined && { tls }),
    words: (_, { status }) => `${status} ${STATUS_CODES[status] ?? ""}`,
    done,
  };
}

function statusApi(api: Api, path: string): StatusApi {
  const statuses = (commit: string): string => `${path}/commit/${commit}/statuses/build`;
  return {
    kind: "connected",
    find: async ({ commit, id, stage, description }) => {
      const answer = await ask(api, { path: `${statuses(commit)}/${bitbucketKey(id)}`, failing: "could not get commit status: ", accepted: [404] });
      if (answer.kind !== "answered") return answer;
      const state = textOf(answer.json, "state");
      const isSame = state === BITBUCKET_STATE[stage] && textOf(answer.json, "description") === description;
      const endedAt = state === BITBUCKET_STATE.pending ? undefined : parseTime(textOf(answer.json, "updated_on"));
      return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt }) };
    },
    post: async ({ commit, id, stage, name, description, targetUrl }) => {
      const body = goJson({ key: bitbucketKey(id), url: targetUrl ?? NO_TARGET, state: BITBUCKET_STATE[stage], name, description });
      const answer = await ask(api, { method: "POST", path: statuses(commit), headers: { "content-type": "application/json" }, body, failing: "" });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}
