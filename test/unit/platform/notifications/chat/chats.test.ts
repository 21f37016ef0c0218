import { secret } from "@sluice/engine/domain/secret.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createSenders } from "@sluice/platform/notifications/senders.ts";
import { describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";

/** What the recordings do not show of the chats. */

const CHATS = ["slack", "discord", "rocket", "msteams", "googlechat", "webex", "telegram", "lark", "matrix", "zulip"] as const;
type Chat = (typeof CHATS)[number];

const SECRETS: { readonly [key: string]: string } = { token: "t-1", username: "bot", password: "pw", headers: "X-Team: blue" };
const senders = createSenders();

type Given = Parameters<typeof aNotification>[0]["event"];
type Settings = { readonly address?: string; readonly channel?: string; readonly username?: string; readonly secrets?: { readonly [key: string]: string } };

async function send(type: Chat, settings: Settings = {}, event: Given = {}, answer: { readonly status: number; readonly body?: string } = { status: 200 }) {
  const { address = "https://there.example/path", channel = "stream/topic", username = "", secrets = SECRETS } = settings;
  const requests: HttpRequest[] = [];
  const http = {
    send: async (request: HttpRequest) => {
      requests.push(request);
      return { kind: "answered", status: answer.status, headers: {}, body: Buffer.from(answer.body ?? ""), url: request.url } as const;
    },
  };
  const provider = { type, address, channel, username, tls: { ca: "a CA", key: secret("k") }, proxy: { address: "http://proxy.example" } };
  const ended = await senders[type]?.(aNotification({ provider, secrets, event }), worldOf({ http }));
  const request = requests[0];
  return { ended, request, text: Buffer.from(request?.body ?? "").toString() };
}

describe("transport, as in transport.yaml", () => {
  it.each<{ type: Chat; want: string }>([
    { type: "slack", want: "tls proxy" },
    { type: "discord", want: "proxy" },
    { type: "rocket", want: "tls proxy" },
    { type: "msteams", want: "tls proxy" },
    { type: "googlechat", want: "proxy" },
    { type: "webex", want: "tls proxy" },
    { type: "telegram", want: "proxy" },
    { type: "lark", want: "" },
    { type: "matrix", want: "tls" },
    { type: "zulip", want: "tls proxy" },
  ])("$type heeds $want", async ({ type, want }) => {
    const { request } = await send(type);
    expect(["tls", "proxy"].filter((key) => Object.keys(request ?? {}).includes(key)).join(" ")).toBe(want);
    expect(Object.keys(request?.headers ?? {})).toEqual(["content-type"]);
  });
});

describe("a Provider that is not right", () => {
  it.each<{ type: Chat; settings: Settings; want: string }>([
    { type: "slack", settings: { address: "x" }, want: `invalid Slack hook URL x: 'parse "x": invalid URI for request'` },
    { type: "discord", settings: { address: "" }, want: `invalid Discord hook URL : 'parse "": empty url'` },
    { type: "rocket", settings: { address: "" }, want: `invalid Rocket hook URL : 'parse "": empty url'` },
    { type: "msteams", settings: { address: "" }, want: `invalid MS Teams webhook URL : 'parse "": empty url'` },
    { type: "googlechat", settings: { address: "x" }, want: "invalid Google Chat hook URL x" },
    { type: "webex", settings: { address: "" }, want: `invalid Webex hook URL : 'parse "": empty url'` },
    { type: "lark", settings: { address: "x" }, want: "invalid Slack hook URL x" },
    { type: "matrix", settings: { address: "" }, want: `invalid Matrix homeserver URL : 'parse "": empty url'` },
    { type: "telegram", settings: { channel: "" }, want: "empty Telegram channel" },
    { type: "telegram", settings: { secrets: { token: "" } }, want: "empty Telegram token" },
    { type: "zulip", settings: { address: "" }, want: `invalid Zulip endpoint URL: parse "": empty url` },
    { type: "zulip", settings: { channel: "/topic" }, want: "invalid Zulip channel format, expected <channel>/<topic>, got '/topic'" },
    { type: "zulip", settings: { channel: "stream/" }, want: "invalid Zulip channel format, expected <channel>/<topic>, got 'stream/'" },
  ])("$type: $want", async ({ type, settings, want }) => {
    const { ended, request } = await send(type, settings);
    expect(ended).toEqual({ kind: "misconfigured", message: want });
    expect(request).toBeUndefined();
  });
});

describe("what a refusal is called", () => {
  it.each(CHATS)("%s", async (type) => {
    const { ended } = await send(type, {}, {}, { status: 400, body: "no" });
    const prefix = ["telegram", "lark", "zulip"].includes(type) ? "" : "postMessage failed: ";
    expect(ended).toEqual({ kind: "refused", message: `${prefix}request failed: request failed with status code 400: no` });
  });

  it.each(CHATS)("%s, of one that has no time now", async (type) => {
    const { ended } = await send(type, {}, {}, { status: 503 });
    const prefix = ["telegram", "lark", "zulip"].includes(type) ? "" : "postMessage failed: ";
    expect(ended).toMatchObject({ kind: "unavailable", prefix: `${prefix}failed to execute request: ` });
  });
});

describe("chat.postMessage", () => {
  const address = "https://slack.com/api/chat.postMessage";
  const REQUEST_FAILED = "postMessage failed: request failed: ";

  it.each<{ body: string; want: string }>([
    { body: `{"ok":true}`, want: "sent" },
    { body: `{"ok":false,"error":"channel_not_found"}`, want: `${REQUEST_FAILED}Slack responded with error: channel_not_found` },
    { body: `{"ok":false}`, want: `${REQUEST_FAILED}Slack responded with error: ` },
    { body: `{"ok":"true"}`, want: `${REQUEST_FAILED}Slack responded with error: ` },
    { body: "<html>", want: `${REQUEST_FAILED}unable to unmarshal response body: expected a JSON object` },
    { body: "[]", want: `${REQUEST_FAILED}unable to unmarshal response body: expected a JSON object` },
    { body: "", want: `${REQUEST_FAILED}unable to unmarshal response body: expected a JSON object` },
  ])("$body", async ({ body, want }) => {
    const { ended } = await send("slack", { address }, {}, { status: 200, body });
    expect(ended?.kind === "refused" ? ended.message : ended?.kind).toBe(want);
  });

  it("is no webhook, whose body says nothing", async () => {
    const { ended } = await send("slack", {}, {}, { status: 200, body: `{"ok":false}` });
    expect(ended).toEqual({ kind: "sent" });
  });
});

describe("an answer of 200 that shows nothing", () => {
  const CONNECTOR = "https://contoso.webhook.office.com/x";
  const TOO_LARGE = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId 1";

  it.each<{ type: Chat; address?: string; body: string; want: string }>([
    { type: "lark", body: `{"code":19024,"msg":"Key Words Not Found"}`, want: "request failed: Lark responded with error: 19024 Key Words Not Found" },
    { type: "lark", body: `{"code":9499}`, want: "request failed: Lark responded with error: 9499 " },
    { type: "lark", body: `{"code":0,"msg":"success"}`, want: "sent" },
    { type: "lark", body: "ok", want: "sent" },
    { type: "msteams", address: CONNECTOR, body: TOO_LARGE, want: `postMessage failed: request failed: ${TOO_LARGE}` },
    { type: "msteams", address: CONNECTOR, body: "1", want: "sent" },
    { type: "msteams", body: TOO_LARGE, want: "sent" },
  ])("$type: $body", async ({ type, address, body, want }) => {
    const { ended } = await send(type, address === undefined ? {} : { address }, {}, { status: 200, body });
    expect(ended?.kind === "refused" ? ended.message : ended?.kind).toBe(want);
  });
});

describe("where a message goes", () => {
  it.each<{ type: Chat; settings: Settings; want: string }>([
    { type: "discord", settings: { address: "https://discord.example/api/webhooks/1/x" }, want: "https://discord.example/api/webhooks/1/x/slack" },
    { type: "discord", settings: { address: "https://discord.example/api/webhooks/1/x/" }, want: "https://discord.example/api/webhooks/1/x/slack" },
    { type: "discord", settings: { address: "https://discord.example/api/webhooks/1/x/slack" }, want: "https://discord.example/api/webhooks/1/x/slack" },
    { type: "discord", settings: { address: "https://discord.example/a?wait=true" }, want: "https://discord.example/a/slack?wait=true" },
    { type: "discord", settings: { address: "https://discord.example" }, want: "https://discord.example/slack" },
    { type: "zulip", settings: { address: "https://zulip.example/ignored?a=b" }, want: "https://zulip.example/api/v1/messages?a=b" },
    { type: "telegram", settings: { secrets: { token: "110:abc" } }, want: "https://api.telegram.org/bot110:abc/sendMessage" },
  ])("$type: $want", async ({ type, settings, want }) => {
    expect((await send(type, settings)).request?.url).toBe(want);
  });

  it("is a channel and a thread of Telegram's", async () => {
    expect(JSON.parse((await send("telegram", { channel: "-100:7:8" })).text)).toMatchObject({ chat_id: "-100", message_thread_id: "7:8" });
    expect(JSON.parse((await send("telegram", { channel: "-100:" })).text)).not.toHaveProperty("message_thread_id");
  });

  it("is Webex's room, where one is named", async () => {
    expect(JSON.parse((await send("webex", { channel: "" })).text)).not.toHaveProperty("roomId");
  });

  it("is the old connector only below its own domain", async () => {
    const typeAt = async (address: string) => JSON.parse((await send("msteams", { address })).text)["@type"];
    expect(await typeAt("https://contoso.webhook.office.com:443/x")).toBe("MessageCard");
    expect(await typeAt("https://contoso.webhook.office.com.example/x")).toBeUndefined();
    expect(await typeAt("https://there.example/.webhook.office.com")).toBeUndefined();
  });
});

describe("who speaks", () => {
  it.each<{ type: Chat; username: string; want: string }>([
    { type: "slack", username: "", want: "kustomize-controller" },
    { type: "slack", username: "robot", want: "robot" },
    { type: "discord", username: "", want: "kustomize-controller" },
    { type: "discord", username: "robot", want: "robot" },
    { type: "rocket", username: "", want: "" },
    { type: "rocket", username: "robot", want: "robot" },
  ])("$type as '$username': '$want'", async ({ type, username, want }) => {
    expect(JSON.parse((await send(type, { username })).text).username).toBe(want);
  });

  it.each<{ type: Chat; secrets: { readonly [key: string]: string }; want: string | undefined }>([
    { type: "slack", secrets: {}, want: undefined },
    { type: "slack", secrets: { token: "t" }, want: "Bearer t" },
    { type: "discord", secrets: { token: "t" }, want: undefined },
    { type: "rocket", secrets: { token: "t" }, want: undefined },
    { type: "zulip", secrets: {}, want: undefined },
    { type: "zulip", secrets: { password: "p" }, want: "Basic OnA=" },
  ])("$type with $secrets: $want", async ({ type, secrets, want }) => {
    expect((await send(type, { secrets })).request?.authorization).toBe(want);
  });
});

const HOSTILE = `</font><script>*a* _b_ [c](http://x/?d=e&f) \`g\` <!channel> @everyone <@all> {"h":1} \\n \u2028 \ud83d "i"\r\n# j`;
/** As JSON can carry it: half a sign is none. */
const SHOWN = HOSTILE.replace("\ud83d", "\ufffd");

describe("a hostile event", () => {
  const event = { message: HOSTILE, metadata: { [`k"\n</b>`]: HOSTILE, __proto__x: "y" } };

  it.each(CHATS.filter((type) => type !== "zulip"))("%s: is one text of one JSON document", async (type) => {
    const { text } = await send(type, {}, event);
    expect(() => JSON.parse(text)).not.toThrow();
    expect(text).not.toMatch(/[<>&\u2028\n\r]|\\ud83d/);
    if (type !== "telegram") expect(textsIn(JSON.parse(text)).some((each) => each.includes(SHOWN))).toBe(true);
  });

  it("zulip: is one field of one form", async () => {
    const { text } = await send("zulip", {}, event);
    const fields = [...new URLSearchParams(text)];
    expect(fields.map(([name]) => name)).toEqual(["content", "to", "topic", "type"]);
    expect(fields[0]?.[1]).toContain(SHOWN);
  });

  it("telegram: no sign of its markup is left alone", async () => {
    const { text } = await send("telegram", {}, { message: HOSTILE, metadata: { [`k-*`]: HOSTILE } });
    const [, message = "", key = "", value = ""] = /^\*.*?\*\n(.*)\n\\- \*(.*?)(?<!\\)\*: (.*)\n$/s.exec(JSON.parse(text).text) ?? [];
    for (const part of [message, key, value]) expect(part.replace(/\\[\\.\-_[\]()~>`#+=|{}!*]/g, "")).not.toMatch(/[\\.\-_[\]()~>`#+=|{}!*]/);
    expect([message, key, value].map((part) => part.replace(/\\([\\.\-_[\]()~>`#+=|{}!*])/g, "$1"))).toEqual([SHOWN, "k-*", SHOWN]);
  });
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

it("writes a form as Go does", async () => {
  const { text } = await send("zulip", { channel: "a b/ü ~*!'()&=+%/c" });
  expect(text).toMatch(/^content=%23%23\+Flux\+Status%0A%0A/);
  expect(text).toMatch(/&to=a\+b&topic=%C3%BC\+~%2A%21%27%28%29%26%3D%2B%25%2Fc&type=stream$/);
});

describe("Matrix", () => {
  it("names a transaction by the event, so that a second attempt is none", async () => {
    const [first, again, other] = [await send("matrix"), await send("matrix"), await send("matrix", {}, { message: "another" })];
    expect(first.request).toMatchObject({ method: "PUT", url: again.request?.url });
    expect(other.request?.url).not.toBe(first.request?.url);
  });
});

it("Teams leaves out what is empty, as Go does", async () => {
  const { text } = await send("msteams", {}, { message: "", severity: "info", metadata: {} });
  expect(text).toContain(`{"type":"TextBlock","wrap":true},{"type":"FactSet"}`);
});

it("shows a trace event as good news", async () => {
  expect(JSON.parse((await send("slack", {}, { severity: "trace" })).text).attachments[0].color).toBe("good");
});
