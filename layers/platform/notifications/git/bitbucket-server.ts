import { STATUS_CODES } from "node:http";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { goJson } from "../message/go-json.ts";
import { basic, secretText } from "../posting/authorization.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import { BITBUCKET_STATE, bitbucketKey } from "./bitbucket.ts";
import type { CommitStatus } from "./commit-status.ts";
import { type Api, ask, textOf } from "./exchange.ts";
import { createStatusSender, type StatusApi } from "./status-sender.ts";

/** Bitbucket Server and Data Center. Recorded in providers/bitbucketserver-*. */
export function createBitbucketServerSender(): Sender {
  return createStatusSender({
    words: {
      unknownSeverity: "couldn't convert to bitbucket server state: bitbucket server state generated on info or error events only",
      unknownRevision: "could not parse revision: ",
    },
    configure: (notification, world) => {
      const commits = commitsUrl(notification.provider.address);
      if (!commits.ok) return commits;
      const authorization = authorizationOf(notification.provider);
      if (!authorization.ok) return authorization;
      const api = bitbucketServerApi(commits.value, authorization.value, notification, world);
      return { ok: true, value: async () => statusApi(api, notification.provider.address) };
    },
  });
}

/** `https://git.example.com/context/scm/acme/shop.git` to its API: what comes before the last `/scm/` is where the server is mounted. */
function commitsUrl(address: string): Result<string> {
  const failing = "could not parse git address: ";
  if (!URL.canParse(address)) return problem(`${failing}parse ${JSON.stringify(address)}: invalid URI for request`);
  const { protocol, host, pathname } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:")
    return problem(`${failing}unsupported scheme type in address: ${protocol.slice(0, -1)}. Must be http or https`);
  const [, context = "", id] = /^(.*)\/scm\/(.*?)(?:\.git)?$/.exec(pathname) ?? [];
  if (id === undefined) return problem(`${failing}supplied provider address is not http(s) git clone url`);
  const [project = "", repository = "", ...more] = id.split("/");
  if (project === "" || repository === "" || more.length > 0) return problem(`${failing}invalid repository id ${JSON.stringify(id)}`);
  return ok(`${protocol}//${host}${context}/rest/api/latest/projects/${project}/repos/${repository}/commits`);
}

function authorizationOf(provider: ProviderSettings): Result<string> {
  const token = secretText(provider, "token");
  if (token !== "") return ok(`Bearer ${token}`);
  const [username, password] = [secretText(provider, "username") || provider.username, secretText(provider, "password")];
  if (username !== "" && password !== "") return ok(basic(username, password));
  return problem("invalid credentials, expected to be one of username/password or API Token");
}

/** proxySecretRef is not heeded. Source: providers/transport.yaml. */
function bitbucketServerApi(url: string, authorization: string, { provider, done }: Notification, world: SenderWorld): Api {
  return {
    world,
    url,
    headers: { "x-atlassian-token": "no-check", "x-requested-with": "XMLHttpRequest" },
    authorization,
    secrets: [secretText(provider, "password")],
    ...(provider.tls !== undefined && { tls: provider.tls }),
    words: (_, { status }) => `${status} - ${STATUS_CODES[status] ?? ""}`,
    done,
  };
}

function statusApi(api: Api, address: string): StatusApi {
  return {
    kind: "connected",
    find: async (status) => {
      const answer = await ask(api, {
        path: `/${status.commit}/builds`,
        query: { key: bitbucketKey(status.id) },
        failing: "could not get existing commit status: failed api call to check duplicate commit status: ",
        accepted: [404],
      });
      if (answer.kind !== "answered") return answer;
      const present = answer.status === 404 ? undefined : answer.json;
      const wanted = { key: bitbucketKey(status.id), state: BITBUCKET_STATE[status.stage], description: status.description, name: shownName(status) };
      const isSame = Object.entries(wanted).every(([field, value]) => textOf(present, field) === value);
      const endedAt = textOf(present, "state") === BITBUCKET_STATE.pending ? undefined : writtenAt(present);
      return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt: epochMs(endedAt) }) };
    },
    post: async (status) => {
      const answer = await ask(api, {
        method: "POST",
        path: `/${status.commit}/builds`,
        headers: { "content-type": "application/json" },
        body: goJson({
          description: status.description,
          key: bitbucketKey(status.id),
          name: shownName(status),
          state: BITBUCKET_STATE[status.stage],
          url: status.targetUrl ?? address,
        }),
        failing: "could not post build status: could not post build commit status: ",
      });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}

/** Its pages show the name only. */
const shownName = ({ name, description }: CommitStatus): string => `${name} [${description}]`;

/** Milliseconds since 1970. */
function writtenAt(present: Json | undefined): number | undefined {
  const at = isObject(present) ? (present.updatedDate ?? present.createdDate) : undefined;
  return typeof at === "number" && Number.isFinite(at) ? at : undefined;
}
