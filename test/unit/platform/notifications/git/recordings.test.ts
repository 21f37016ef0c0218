import { createHash, generateKeyPairSync } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { combineMetadata, forAlerts } from "@sluice/engine/events/metadata.ts";
import { whyNotFor } from "@sluice/engine/events/provider-takes.ts";
import { parseProvider } from "@sluice/engine/flux/provider-object.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { readSettings } from "@sluice/engine/reconcile/notify/provider-settings.ts";
import type { HttpAnswer, HttpRequest } from "@sluice/platform/http/http.ts";
import { createGitSenders } from "@sluice/platform/notifications/git/git-senders.ts";
import type { Sender } from "@sluice/platform/notifications/sender.ts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createGitServer, type GitServer } from "../../../../support/notifications/git-server.ts";
import { NOW, worldOf } from "../notification.ts";

const FOLDER = "test/conformance/notifications/providers";
const ADDRESS = "http://git.test:3000";
const UID = "0f2b3c4d-1111-4000-8000-00000000000a";
const STATUS_ID = `kustomization/backend/${UID.split("-")[0]}`;
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** As the recordings write what differs from run to run. */
const placeholder = (name: string): string => `\${${name}}`;

type Request = {
  readonly host?: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Json;
  readonly headers: JsonObject;
  readonly body?: Json;
};
type Recording = {
  readonly given: {
    readonly provider: JsonObject & { readonly type: string };
    readonly secrets?: { readonly [name: string]: { readonly [key: string]: string } };
    readonly alert: {
      readonly name: string;
      readonly namespace: string;
      readonly spec: { readonly eventMetadata?: { readonly [key: string]: string }; readonly summary?: string };
    };
    readonly there?: string;
    readonly event: Omit<NotifiedEvent, "id">;
  };
  readonly sent: readonly Request[];
  readonly alertEvents?: readonly { readonly message: string }[];
};

const files = globSync(`${FOLDER}/{github,gitlab,gitea,bitbucket,azuredevops,service-account}*.yaml`).map((path) => basename(path, ".yaml"));
/** The one that was recorded first: the process asked Azure DevOps for its versions then, and not again. */
const FIRST = "azuredevops-commit-status";
const names = [FIRST, ...files.filter((name) => name !== FIRST).toSorted()];

const senders: { readonly [type: string]: Sender } = createGitSenders();

describe("what Flux sent to git servers", () => {
  it("is all replayed", () => expect(names.length).toBe(76));

  it.each(names)("%s", async (name) => {
    const recording = readRecording(name);
    const replayed = await replay(recording);
    expect(replayed.sent).toEqual(recording.sent);
    expect(replayed.said).toEqual((recording.alertEvents ?? []).map(({ message }) => message));
  });
});

function readRecording(name: string): Recording {
  const text = readFileSync(`${FOLDER}/${name}.yaml`, "utf8")
    .replaceAll(placeholder("ADDRESS"), ADDRESS)
    .replaceAll(placeholder("PROVIDER_UID_FIRST_BLOCK"), UID.split("-")[0] ?? "")
    .replaceAll(placeholder("PROVIDER_UID"), UID)
    .replaceAll(placeholder("RSA_PRIVATE_KEY"), JSON.stringify(privateKey).slice(1, -1))
    .replaceAll(/\$\{SHA1:([^}]*)\}/g, (_, hashed: string) => createHash("sha1").update(hashed).digest("hex"));
  return parse(text);
}

/** As the engine does it: whether the Provider takes the event, its settings, the sender; what fails becomes the text of an Event on the Alert. */
async function replay({ given }: Recording): Promise<{ readonly sent: readonly Request[]; readonly said: readonly string[] }> {
  const { alert, secrets = {} } = given;
  const parsed = parseProvider({
    apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
    kind: "Provider",
    metadata: { namespace: alert.namespace, name: given.provider.secretRef === undefined ? alert.name : nameOf(given.provider.secretRef), uid: UID },
    spec: given.provider,
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  const event = forAlerts({ id: "1", ...given.event });
  if (whyNotFor(parsed.value, event) !== undefined) return { sent: [], said: [] };
  const { involvedObject: about } = event;
  const subject = `${about.kind}/${about.namespace}/${about.name}`;
  const combined = combineMetadata(event, { spec: { eventMetadata: {}, ...alert.spec } }).event;
  const cluster = { get: async ({ name }: { readonly name: string }) => ({ kind: "found" as const, object: secretOf(name, secrets[name] ?? {}) }) };
  const alertRef = { namespace: alert.namespace, name: alert.name, uid: "alert-uid" };
  const { settings } = await readSettings(cluster, parsed.value, combined, alertRef);
  if (!settings.ok) return { sent: [], said: [`failed to dispatch notification for ${subject}: ${settings.problem}`] };

  const sent: Request[] = [];
  const server = createGitServer({ now: () => "2026-01-01T00:00:00Z" });
  prepare(server, given);
  const sender = senders[given.provider.type];
  if (sender === undefined) throw new Error(`nobody sends for ${given.provider.type}`);
  const answer = await sender(
    { cluster: "prod", event: combined, alert: alertRef, provider: settings.value, done: 0 },
    worldOf({ http: { send: async (request) => answerTo(request, server, sent, settings.value.name) }, now: () => NOW }),
  );
  return { sent, said: saidOf(answer, subject, settings.value.name) };
}

const nameOf = (ref: Json | undefined): string => (isObject(ref) && typeof ref.name === "string" ? ref.name : "");

const secretOf = (name: string, data: { readonly [key: string]: string }): Manifest => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace: "notify", name },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
});

function saidOf(answer: NotifierAnswer, subject: string, provider: string): readonly string[] {
  switch (answer.kind) {
    case "sent":
    case "dropped":
      return [];
    case "misconfigured":
      return [
        `failed to dispatch notification for ${subject}: failed to initialize notifier for provider '${provider}': failed to initialize notifier: ${answer.message}`,
      ];
    case "refused":
      return [`failed to send notification for ${subject}: ${answer.message}`];
    case "unavailable":
      return [`unavailable: ${answer.why}`];
  }
}

/** What the recorder's server had already. */
function prepare({ statuses, comments }: GitServer, { there, provider: { type } }: Recording["given"]): void {
  const sha = "ffffc3d4e5f60718293a4b5c6d7e8f9001122334";
  const same = "reconciliation succeeded";
  const status = (id: number, context: string, state: string, description: string): JsonObject => ({
    id,
    sha,
    context: type === "azuredevops" ? { genre: "fluxcd", name: context } : context,
    name: context,
    key: createHash("sha1").update(context).digest("hex"),
    [type === "gitlab" || type === "gitea" ? "status" : "state"]: state,
    description,
  });
  const done = type === "bitbucket" ? "SUCCESSFUL" : "success";
  switch (there) {
    case undefined:
      return;
    case "the same status":
      statuses.push(status(1, STATUS_ID, done, same));
      return;
    case "the same status, behind one that differs":
      statuses.push(status(2, STATUS_ID, "failed", "other"), status(1, STATUS_ID, done, same));
      return;
    case "a status with another context, then one with this context, state and description, then an older one that differs":
      statuses.push(status(1, STATUS_ID, "failure", "other"), status(2, STATUS_ID, done, same), status(3, "other", "failure", "other"));
      return;
    case "a status with this context that differs, then an older one that is the same":
      statuses.push(status(1, STATUS_ID, done, same), status(2, STATUS_ID, "failure", "other"));
      return;
    case "comment 1 of flux-app[bot] with the marker":
      comments.push({ id: 1, user: { login: "flux-app[bot]" }, body: `<!-- flux-pr-comment-key:${UID}/Kustomization/apps/backend -->\n\nold` });
      return;
    case "comment 5 of the own user with the marker":
      comments.push({ id: 5, user: { login: "flux" }, body: `<!-- flux-pr-comment-key:${UID}/Kustomization/apps/backend -->\n\nold` });
      return;
    default:
      throw new Error(`nothing is known about: ${there}`);
  }
}

/** Notes the request in the form of the recordings, and answers it. */
function answerTo(request: HttpRequest, server: GitServer, sent: Request[], provider: string): HttpAnswer {
  const url = new URL(request.url);
  const text = request.body === undefined ? undefined : Buffer.from(request.body).toString();
  const body: Json | undefined = text === undefined ? undefined : JSON.parse(text);
  sent.push({
    ...(url.origin !== ADDRESS && { host: url.host }),
    method: request.method,
    path: url.pathname,
    ...(url.search !== "" && { query: Object.fromEntries(url.searchParams) }),
    headers: headersOf(request),
    ...(body !== undefined && { body }),
  });
  const answer =
    provider === "github-answer-401"
      ? { status: 401, json: { message: "Bad credentials" } }
      : server.answer({ method: request.method, path: url.pathname, query: url.searchParams, body });
  const bytes = answer.json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.json));
  return { kind: "answered", status: answer.status, headers: { "content-type": "application/json" }, body: bytes, url: request.url };
}

function headersOf({ headers = {}, authorization }: HttpRequest): JsonObject {
  const all = Object.entries({ ...headers, ...(authorization !== undefined && { authorization }) }).filter(([name]) => name !== "user-agent");
  return Object.fromEntries(
    all.map(([name, value]) => {
      if (/^Bearer ey[\w-]+\.[\w-]+\.[\w-]+$/.test(value)) return [name, `Bearer ${placeholder("APP_JWT")}`];
      if (/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(value)) return [name, placeholder("RANDOM_UUID")];
      return [name, value];
    }),
  );
}
