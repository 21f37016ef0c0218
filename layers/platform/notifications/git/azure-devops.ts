import { STATUS_CODES } from "node:http";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { goJson } from "../message/go-json.ts";
import { basic, secretText } from "../posting/authorization.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import type { CommitStatus, Stage } from "./commit-status.ts";
import { type Api, type ApiFailure, type Asked, ask, textOf } from "./exchange.ts";
import { parseRepositoryAddress, partsOf } from "./repository-address.ts";
import { createStatusSender, type Found, type StatusApi } from "./status-sender.ts";

/** Which version of the API an address speaks: asked for once. */
export type ApiVersions = Map<string, string>;

const STATE: { readonly [stage in Stage]: string } = { pending: "pending", success: "succeeded", failure: "error" };
const GENRE = "fluxcd";
/** What is asked for; a server that is older is asked in what it has. */
const VERSION = "6.0";
const MOST_VERSIONS = 1000;
/** Of commit statuses, among everything that a server names. Source: Microsoft's client for Go. */
const STATUSES_ID = "428dd4fb-fda5-4722-af02-9313b80305da";

/** Recorded in providers/azuredevops-*. */
export function createAzureDevOpsSender(versions: ApiVersions): Sender {
  return createStatusSender({
    words: { unknownSeverity: "can't convert to azure devops state" },
    configure: (notification, world) => {
      const access = accessOf(notification.provider);
      if (!access.ok) return access;
      const api = azureApi(access.value, notification, world);
      const genre = genreOf(notification);
      return { ok: true, value: async () => statusApi(api, access.value, genre, versions) };
    },
  });
}

type Access = {
  /** `https://dev.azure.com/org`. */
  readonly organisation: string;
  /** `/project/_apis/git/repositories/shop`. */
  readonly path: string;
  readonly token: string;
};

function accessOf(provider: ProviderSettings): Result<Access> {
  const token = secretText(provider, "token");
  if (token === "") return problem("azure devops token cannot be empty");
  const address = parseRepositoryAddress(provider.address);
  if (!address.ok) return address;
  const parts = partsOf(address.value, 4);
  if (!parts.ok) return parts;
  const [organisation, project, , repository] = parts.value.map(encodeURIComponent);
  return ok({ organisation: `${address.value.origin}/${organisation}`, path: `/${project}/_apis/git/repositories/${repository}`, token });
}

/** proxySecretRef is not heeded. Source: providers/transport.yaml. */
function azureApi({ organisation, token }: Access, { provider: { tls }, done }: Notification, world: SenderWorld): Api {
  return {
    world,
    url: organisation,
    headers: { "x-tfs-fedauthredirect": "Suppress", "x-tfs-session": randomUuid(world) },
    authorization: basic("", token),
    secrets: [token],
    ...(tls !== undefined && { tls }),
    words,
    done,
  };
}

const genreOf = ({ event: { metadata = {} } }: Notification): string => (Object.hasOwn(metadata, "summary") ? `${GENRE}:${metadata.summary}` : GENRE);

function statusApi(api: Api, { path }: Access, genre: string, versions: ApiVersions): StatusApi {
  const statuses = (commit: string): string => `${path}/commits/${commit}/statuses`;
  return {
    kind: "connected",
    find: async (status) => {
      const failing = "could not list commit statuses: ";
      const version = await versionOf(api, versions, failing);
      if (typeof version !== "string") return version;
      const answer = await ask(api, { path: statuses(status.commit), headers: { accept: acceptOf(version) }, failing });
      if (answer.kind !== "answered") return answer;
      const items = listIn(answer.json);
      return items === undefined ? { kind: "refused", message: `${failing}the answer is no list` } : newestOf(items, status, genre);
    },
    post: async (status) => {
      const failing = "could not create commit status: ";
      const version = await versionOf(api, versions, failing);
      if (typeof version !== "string") return version;
      const { stage, id: name, description, targetUrl } = status;
      const answer = await ask(api, {
        method: "POST",
        path: statuses(status.commit),
        headers: { accept: acceptOf(version), "content-type": "application/json;charset=utf-8" },
        body: goJson({ context: { genre, name }, description, state: STATE[stage], ...(targetUrl !== undefined && { targetUrl }) }),
        failing,
      });
      return answer.kind === "answered" ? undefined : answer;
    },
  };
}

const acceptOf = (version: string): string => `application/json;api-version=${version}`;

async function versionOf(api: Api, versions: ApiVersions, failing: string): Promise<string | ApiFailure> {
  const known = versions.get(api.url);
  if (known !== undefined) return known;
  const answer = await ask(api, { method: "OPTIONS", path: "/_apis", headers: { accept: "application/json" }, failing });
  if (answer.kind !== "answered") return answer;
  const locations = listIn(answer.json);
  const highest = Number(
    textOf(
      locations?.find((item) => textOf(item, "id") === STATUSES_ID),
      "maxVersion",
    ),
  );
  const version = highest > 0 && highest < Number(VERSION) ? highest.toFixed(1) : VERSION;
  // A page to sign in at says nothing about versions.
  if (locations !== undefined && versions.size < MOST_VERSIONS) versions.set(api.url, version);
  return version;
}

/** Lists come wrapped, with their length: `{"count": 1, "value": […]}`. */
function listIn(json: Json | undefined): readonly JsonObject[] | undefined {
  const list = isObject(json) ? json.value : json;
  return isArray(list) ? list.filter(isObject) : undefined;
}

/** The newest comes first; Flux skips what says nothing. */
function newestOf(items: readonly JsonObject[], { id, stage, description }: CommitStatus, genre: string): Found {
  const newest = items.find(
    (item) =>
      textOf(item.context, "name") === id && textOf(item.context, "genre") === genre && textOf(item, "state") !== "" && typeof item.description === "string",
  );
  const isSame = newest !== undefined && textOf(newest, "state") === STATE[stage] && textOf(newest, "description") === description;
  const endedAt = textOf(newest, "state") === STATE.pending ? undefined : parseTime(textOf(newest, "creationDate"));
  return { kind: "found", isSame, ...(endedAt !== undefined && { endedAt }) };
}

/** As Microsoft's client for Go says it. */
function words(_: Asked, { status, headers, body }: HttpAnswer, json: Json | undefined): string {
  const text = Buffer.from(body).toString().trim();
  const isText = text !== "" && (headers["content-type"] ?? "").includes("text/plain");
  const wrapped = isObject(json) ? textOf(json.value, "Message") || textOf(json.value, "message") : "";
  return (isText ? text : textOf(json, "message") || wrapped) || `Request returned status: ${status} ${STATUS_CODES[status] ?? ""}`;
}

/** Version 4. */
function randomUuid({ random }: SenderWorld): string {
  const bytes = Buffer.from(random(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
