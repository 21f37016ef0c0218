import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Json } from "@sluice/engine/domain/json.ts";
import { epochMs, minutes, ms } from "@sluice/engine/domain/time.ts";
import { RECEIVER_TYPES, type Receiver, type ReceiverType } from "@sluice/engine/flux/receiver-object.ts";
import { isAllowedEvent } from "@sluice/engine/receivers/allowed-event.ts";
import { parseBoundedJson } from "@sluice/engine/receivers/bounded-json.ts";
import { isSame } from "@sluice/engine/receivers/constant-time.ts";
import { fieldOf, type GoType, isDecodable } from "@sluice/engine/receivers/go-json-type.ts";
import { goTimeText } from "@sluice/engine/receivers/go-time.ts";
import { isSignedAs } from "@sluice/engine/receivers/hmac.ts";
import { isJsonContent, mediaTypeIn } from "@sluice/engine/receivers/media-type.ts";
import { receiverSecretOf } from "@sluice/engine/receivers/receiver-secret.ts";
import { requestVariable } from "@sluice/engine/receivers/request-variable.ts";
import { wantedBy } from "@sluice/engine/receivers/resource-ref.ts";
import { routeOf } from "@sluice/engine/receivers/route.ts";
import { validate } from "@sluice/engine/receivers/validate.ts";
import { digestInPath, webhookPathOf } from "@sluice/engine/receivers/webhook-path.ts";
import { describe, expect, it } from "vitest";
import { secretOf } from "../../../support/receivers/world.ts";

const NOW = epochMs(Date.parse("2026-01-02T03:04:05Z"));
const TOKEN = "secret-token";

const specOf = (type: ReceiverType, events: readonly string[] = []): Receiver["spec"] => ({
  type,
  interval: minutes(10),
  events,
  resources: [],
  secretRef: "s",
  oidcProviders: [],
  suspend: false,
});

type Sent = { readonly headers?: { readonly [name: string]: string }; readonly body?: string };

async function verdict(
  type: ReceiverType,
  { headers = {}, body = "" }: Sent,
  { events = [], token = TOKEN }: { events?: readonly string[]; token?: string | Uint8Array } = {},
) {
  const answer = await validate(
    { headers, body: Buffer.from(body) },
    {
      spec: specOf(type, events),
      secret: receiverSecretOf(secretOf("s", "hooks", { token })),
      documents: { get: async () => ({ kind: "failed", message: "nobody is asked here" }) },
      now: NOW,
    },
  );
  return answer.ok ? "accepted" : answer.problem;
}

const hmac = (hash: string, body: string, key: string | Uint8Array = TOKEN): string => createHmac(hash, key).update(body).digest("hex");
const JSON_TYPE = { "content-type": "application/json" };

describe("types of Receivers", () => {
  it("each has a file with its rules, and no file is without a type", () => {
    const files = readdirSync(new URL("../../../../layers/engine/receivers/types", import.meta.url)).map((file) => file.replace(".ts", ""));
    expect(files.toSorted()).toEqual([...RECEIVER_TYPES].toSorted());
  });

  it.each<{ type: ReceiverType; name: string; sent: Sent; want: string }>([
    {
      type: "generic-hmac",
      name: "the prefix in capitals",
      sent: { headers: { "x-signature": `SHA256=${hmac("sha256", "b")}` }, body: "b" },
      want: "the header X-Signature is missing or wrong",
    },
    {
      type: "generic-hmac",
      name: "a signature that is cut",
      sent: { headers: { "x-signature": `sha256=${hmac("sha256", "b").slice(0, 40)}` }, body: "b" },
      want: "the header X-Signature is missing or wrong",
    },
    {
      type: "generic-hmac",
      name: "the bytes as they are",
      sent: { headers: { "x-signature": `sha256=${hmac("sha256", "b ")}` }, body: "b " },
      want: "accepted",
    },
    {
      type: "github",
      name: "a form with a semicolon",
      sent: { headers: { "content-type": "application/x-www-form-urlencoded", "x-hub-signature": `sha1=${hmac("sha1", "a;b")}` }, body: "a;b" },
      want: "the body is no form",
    },
    {
      type: "github",
      name: "a form with half an escape",
      sent: { headers: { "content-type": "application/x-www-form-urlencoded", "x-hub-signature": `sha1=${hmac("sha1", "a=%4")}` }, body: "a=%4" },
      want: "the body is no form",
    },
    {
      type: "github",
      name: "SHA-512 in the header of SHA-256",
      sent: { headers: { ...JSON_TYPE, "x-hub-signature-256": `sha512=${hmac("sha512", "{}")}` }, body: "{}" },
      want: "accepted",
    },
    {
      type: "bitbucket",
      name: "no content type",
      sent: { headers: { "x-hub-signature": `sha256=${hmac("sha256", "{}")}` }, body: "{}" },
      want: "the Content-Type is missing, or neither JSON nor a form",
    },
    {
      type: "gitlab",
      name: "a token that begins right",
      sent: { headers: { "x-gitlab-token": "secret-tokens" } },
      want: "the header X-Gitlab-Token is missing or wrong",
    },
    { type: "harbor", name: "a token in capitals", sent: { headers: { authorization: "SECRET-TOKEN" } }, want: "the header Authorization is missing or wrong" },
    {
      type: "nexus",
      name: "something behind the JSON",
      sent: { headers: { "x-nexus-webhook-signature": hmac("sha1", "{} x") }, body: "{} x" },
      want: "there is something behind the JSON",
    },
    {
      type: "nexus",
      name: "fields of other types",
      sent: { headers: { "x-nexus-webhook-signature": hmac("sha1", '{"action":1}') }, body: '{"action":1}' },
      want: "the body has fields of other types",
    },
    { type: "nexus", name: "null", sent: { headers: { "x-nexus-webhook-signature": hmac("sha1", "null") }, body: "null" }, want: "accepted" },
    { type: "dockerhub", name: "a name in capitals, of another type", sent: { body: '{"Push_Data": 1}' }, want: "the body has fields of other types" },
    { type: "dockerhub", name: "a field of every object", sent: { body: '{"constructor": 1, "__proto__": {"push_data": 1}}' }, want: "accepted" },
    { type: "quay", name: "tags that are none", sent: { body: '{"updated_tags": ["a", 1]}' }, want: "the body has fields of other types" },
    { type: "acr", name: "a target that is a list", sent: { body: '{"target": []}' }, want: "the body has fields of other types" },
    { type: "gcr", name: "no token", sent: { body: "{}" }, want: "the header Authorization is missing, or no bearer's" },
    { type: "generic-oidc", name: "no token", sent: {}, want: "the header Authorization is missing, or no bearer's" },
  ])("$type: $name: $want", async ({ type, sent, want }) => expect(await verdict(type, sent)).toBe(want));

  it("an empty token is no leave to send without a signature", async () => {
    const sent: readonly (readonly [ReceiverType, { readonly [name: string]: string }])[] = [
      ["github", JSON_TYPE],
      ["github", { ...JSON_TYPE, "x-hub-signature-256": `sha256=${hmac("sha256", "{}", "")}` }],
      ["bitbucket", { ...JSON_TYPE, "x-hub-signature": `sha256=${hmac("sha256", "{}", "")}` }],
      ["generic-hmac", { "x-signature": `sha256=${hmac("sha256", "{}", "")}` }],
      ["nexus", { "x-nexus-webhook-signature": hmac("sha1", "{}", "") }],
      ["gitlab", {}],
      ["harbor", {}],
    ];
    for (const [type, headers] of sent) expect(await verdict(type, { headers, body: "{}" }, { token: "" }), type).toBe("the token in the Secret is empty");
  });

  it("a token may be bytes that are no text", async () => {
    const token = Uint8Array.from([0xff, 0xfe, 0, 1]);
    expect(await verdict("generic-hmac", { headers: { "x-signature": `sha256=${hmac("sha256", "b", token)}` }, body: "b" }, { token })).toBe("accepted");
    expect(
      await verdict("generic-hmac", { headers: { "x-signature": `sha256=${hmac("sha256", "b", Buffer.from(token).toString("utf8"))}` }, body: "b" }, { token }),
    ).not.toBe("accepted");
  });

  const event = (context: { readonly [field: string]: Json }, rest: { readonly [field: string]: Json } = {}): string =>
    JSON.stringify({
      context: { version: "0.4.1", id: "1", source: "/s", type: "dev.cdevents.change.merged.0.2.0", timestamp: "2026-01-02T03:04:05Z", ...context },
      ...rest,
    });
  it.each<{ name: string; body: string; want: string }>([
    { name: "the least", body: event({}), want: "accepted" },
    { name: "each of 0.4 that another version has had", body: event({ type: "dev.cdevents.testsuiterun.queued.0.2.0" }), want: "accepted" },
    { name: "created, which is at 0.3.0", body: event({ type: "dev.cdevents.change.created.0.3.0" }), want: "accepted" },
    { name: "a ticket", body: event({ type: "dev.cdevents.ticket.closed.0.1.0" }), want: "accepted" },
    { name: "one of a tool's own", body: event({ type: "dev.cdeventsx.mytool-thing.made.0.1.0" }), want: "accepted" },
    { name: "the specification of 0.3 with a type of 0.4", body: event({ version: "0.3.0" }), want: "accepted" },
    { name: "a type of 0.3", body: event({ type: "dev.cdevents.testcase.finished.0.1.0" }), want: "the body is no CDEvent: context.type" },
    { name: "a type of 0.5", body: event({ type: "dev.cdevents.change.merged.0.3.0" }), want: "the body is no CDEvent: context.type" },
    { name: "no id", body: event({ id: "" }), want: "the body is no CDEvent: context" },
    { name: "an id that is a number", body: event({ id: 1 }), want: "the body is no CDEvent: context" },
    { name: "a time that is none", body: event({ timestamp: "yesterday" }), want: "the body is no CDEvent: context" },
    { name: "a subject that is a list", body: event({}, { subject: [] }), want: "the body is no CDEvent: subject" },
    { name: "content that is a text", body: event({}, { subject: { content: "x" } }), want: "the body is no CDEvent: subject" },
    { name: "an array", body: `[${event({})}]`, want: "the body is no CDEvent: no object" },
    { name: "two", body: `${event({})}${event({})}`, want: "there is something behind the JSON" },
  ])("cdevents: $name: $want", async ({ body, want }) => expect(await verdict("cdevents", { body })).toBe(want));
});

describe("signatures and tokens", () => {
  it("are compared in constant time, and nowhere otherwise", () => {
    const folder = new URL("../../../../layers/engine/receivers/", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const texts = files.map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));
    expect(texts.length).toBeGreaterThan(25);
    expect(texts.filter(({ text }) => text.includes("timingSafeEqual")).map(({ file }) => file)).toEqual(["constant-time.ts"]);
    // Whatever is secret, or made with a secret, is never an operand of an ordinary comparison.
    const compared =
      /(?:\b(?:tokenOf|textOf|hmacOf)\([^)]*\)|\b(?:signature|audience|account)\b)\s*(?:===|!==)(?!\s*"")|(?:===|!==)\s*(?:tokenOf|textOf|hmacOf|signature|audience|account)\b/;
    expect(texts.filter(({ text }) => compared.test(text)).map(({ file }) => file)).toEqual([]);
    expect(compared.test('if (headerOf(request, "x") === tokenOf(secret)) {}')).toBe(true);
  });

  it.each<[string | Uint8Array, string | Uint8Array, boolean]>([
    ["", "", true],
    ["a", "a", true],
    ["a", "b", false],
    ["a", "aa", false],
    ["ä", Buffer.from("ä"), true],
    [Buffer.alloc(3), Buffer.alloc(4), false],
  ])("%j and %j: %s", (a, b, same) => expect(isSame(a, b)).toBe(same));

  it.each(["", "sha256", "sha256=", "sha256=zz", "md5=00", "sha256=\n", "__proto__=00", `sha256=${"0".repeat(64)}`])("%j signs nothing", (signature) =>
    expect(isSignedAs(signature, Buffer.from("k"), Buffer.from("b"))).toBe(false));
});

describe("bodies", () => {
  const parse = (text: string | Uint8Array, extent: "first" | "whole" = "first"): unknown => {
    const parsed = parseBoundedJson(Buffer.from(text), extent);
    return parsed.ok ? parsed.value : `no: ${parsed.problem}`;
  };

  it.each<[string, unknown]>([
    [' {"a": "}\\"]"} x', { a: '}"]' }],
    ["[1,2]{", [1, 2]],
    ['"a\\\\" x', "a\\"],
    ["12 x", 12],
    ["null", null],
    ["nullx", "no: the body is no JSON"],
    ["{]", "no: the body is no JSON"],
    ["]", "no: the body is no JSON"],
    ['{"a', "no: the body is no JSON"],
    ['"\\', "no: the body is no JSON"],
    ["", "no: the body is no JSON"],
    [" \n", "no: the body is no JSON"],
    ["\uFEFF{}", "no: the body is no JSON"],
    ["{'a': 1}", "no: the body is no JSON"],
  ])("%j", (text, want) => expect(parse(text)).toEqual(want));

  it.each<[string, unknown]>([
    ["{} \r\n\t", {}],
    ["{}{}", "no: there is something behind the JSON"],
    ["{} x", "no: there is something behind the JSON"],
  ])("%j as a whole", (text, want) => expect(parse(text, "whole")).toEqual(want));

  it("that are no UTF-8 are read as Go reads them", () => expect(parse(Uint8Array.from([0x22, 0xff, 0x22]))).toBe("\uFFFD"));

  it("own keys stay keys", () => {
    const parsed = parse('{"__proto__": {"a": 1}, "constructor": 2}');
    expect(Object.keys(parsed as object)).toEqual(["__proto__", "constructor"]);
    expect((parsed as { a?: number }).a).toBeUndefined();
  });

  it.each<{ name: string; text: string; want: string }>([
    { name: "deep lists", text: "[".repeat(3 * 1024 * 1024), want: "no: the JSON is deeper than 100 levels" },
    { name: "deep objects", text: '{"a":'.repeat(500_000), want: "no: the JSON is deeper than 100 levels" },
    { name: "very many values", text: `[${"0,".repeat(1_500_000)}0]`, want: "no: the JSON has more than 250000 values" },
    { name: "very many lists", text: `[${"[],".repeat(900_000)}[]]`, want: "no: the JSON has more than 250000 values" },
    { name: "a text without an end", text: `"${"\\".repeat(3 * 1024 * 1024)}`, want: "no: the body is no JSON" },
  ])("$name are refused before they are parsed", ({ text, want }) => expect(parse(text)).toBe(want));

  it("a hundred levels are enough for anybody", () => expect(parse(`${"[".repeat(100)}${"]".repeat(100)}`)).toBeInstanceOf(Array));

  const TYPE: GoType = { fields: { name: "text", at: "time", tags: { list: "text" }, in: { fields: { n: "text" } } } };
  it.each<[Json, boolean]>([
    [null, true],
    [{}, true],
    [{ name: null, tags: null, in: null }, true],
    [{ name: "a", NAME: 1 }, false],
    [{ at: "2026-01-02T03:04:05.123+02:00" }, true],
    [{ at: "2026-01-02 03:04:05" }, false],
    [{ at: "2026-13-02T03:04:05Z" }, false],
    [{ in: { N: 1 } }, false],
    [[], false],
    ["x", false],
  ])("%j fits: %s", (value, want) => expect(isDecodable(value, TYPE)).toBe(want));

  it("the last of several fields counts", () => expect(fieldOf({ a: 1, A: 2 }, "a")).toBe(2));

  it.each<[string, string | undefined, boolean]>([
    ["application/json", "application/json", true],
    ["Application/JSON ; charset=utf-8", "application/json", true],
    ["text/plain, application/json", undefined, true],
    [", application/json", undefined, false],
    ["application/json+x", "application/json+x", false],
    ["json", undefined, false],
    ["", undefined, false],
  ])("%j is of the type %s; JSON: %s", (text, type, isJson) => {
    expect(mediaTypeIn(text)).toBe(type);
    expect(isJsonContent({ headers: { "content-type": text }, body: new Uint8Array() })).toBe(isJson);
  });

  it("headers are those that were sent, and no others", () =>
    expect(isJsonContent({ headers: Object.create({ "content-type": "application/json" }), body: new Uint8Array() })).toBe(false));

  it.each<[string, string, unknown]>([
    ["", '{"a":1}', { ok: true, value: {} }],
    ["application/json", '{"a":1} x', { ok: true, value: { a: 1 } }],
    ["application/json", "null", { ok: true, value: {} }],
    ["application/json", "[1]", { ok: false, problem: "the body is no JSON object" }],
  ])("req of %j %j", (type, body, want) => expect(requestVariable({ headers: { "content-type": type }, body: Buffer.from(body) }, {})).toEqual(want));
});

describe("events", () => {
  it.each<[readonly string[], string, boolean]>([
    [[], "", true],
    [["push"], "PUSH", true],
    [["push"], "", false],
    [["push"], "pushed", false],
  ])("%j lets %j through: %s", (events, event, want) => expect(isAllowedEvent(events, event)).toBe(want));
});

describe("paths", () => {
  it("is made of token, name and namespace", () => {
    expect(webhookPathOf(Buffer.from("secret-token"), { name: "generic", namespace: "hooks" })).toBe(
      "/hook/850d0255e3fd1b80a22ba5cec58702e208ece00d1d5c3d013a72e4c1f7205ccb",
    );
  });

  it.each([
    `/hook/${"a".repeat(63)}`,
    `/hook/${"A".repeat(64)}`,
    `/hook/${"a".repeat(64)}?x`,
    `/hook/${"a".repeat(64)}/`,
    `/hook/${"a".repeat(64)}\n`,
    "",
  ])("%j is none", (path) => expect(digestInPath(path)).toBeUndefined());

  it.each<[string, string]>([
    ["/hook/x", "hook"],
    ["/hook/", "hook"],
    ["/hook/?q", "hook"],
    ["/hook", "/hook/"],
    ["/hook?q=1", "/hook/?q=1"],
    ["//hook/x", "/hook/x"],
    ["/a/../hook/x", "/hook/x"],
    ["/hook/./x/", "/hook/x/"],
    ["/hook/..", "/"],
    ["//evil.example.com/", "/evil.example.com/"],
    ["//\\evil.example.com/", "/%5Cevil.example.com/"],
    ["//hook/a%20b?c=%0D%0A d\r\nx", "/hook/a%20b?c=%0D%0A%20d%0D%0Ax"],
    ["//hook/\uD800", "/hook/%EF%BF%BD"],
    ["/hook/../../etc", "/etc"],
    ["/hooks/x", "elsewhere"],
    ["/", "elsewhere"],
    ["", "elsewhere"],
    ["http://evil.example.com/hook/x", "elsewhere"],
    ["*", "elsewhere"],
  ])("%j leads to %s", (uri, want) => {
    const route = routeOf(uri);
    expect(route.kind === "moved" ? route.location : route.kind).toBe(want);
  });
});

describe("resources", () => {
  const OPTIONS = { ownNamespace: "hooks", noCrossNamespaceRefs: true };
  it.each<[Parameters<typeof wantedBy>[0], string]>([
    [{ kind: "GitRepository", name: "a" }, "one source.toolkit.fluxcd.io/v1 hooks"],
    [{ kind: "ImageRepository", name: "a" }, "one image.toolkit.fluxcd.io/v1 hooks"],
    [{ kind: "ArtifactGenerator", name: "a" }, "one source.extensions.fluxcd.io/v1beta1 hooks"],
    [{ kind: "Bucket", name: "a", apiVersion: "source.toolkit.fluxcd.io/v1beta2", namespace: "hooks" }, "one source.toolkit.fluxcd.io/v1beta2 hooks"],
    [{ kind: "Kustomization", name: "a" }, 'apiVersion must be specified for kind "Kustomization"'],
    [{ kind: "HelmRelease", name: "a" }, 'apiVersion must be specified for kind "HelmRelease"'],
    [{ kind: "constructor", name: "a" }, 'apiVersion must be specified for kind "constructor"'],
    [{ kind: "Bucket", name: "a", namespace: "other" }, "cross-namespace references are not allowed"],
    [{ kind: "Bucket", name: "*" }, "matchLabels field not set when using wildcard '*' as name"],
    [{ kind: "Bucket", name: "*", matchLabels: {} }, "labelled source.toolkit.fluxcd.io/v1 hooks "],
    [{ kind: "Bucket", name: "*", matchLabels: { b: "2", "example.com/a": "" } }, "labelled source.toolkit.fluxcd.io/v1 hooks b=2,example.com/a="],
    [{ kind: "Bucket", name: "*", matchLabels: { a: "1,b!=2" } }, "matchLabels cannot be used as a selector"],
    [{ kind: "Bucket", name: "*", matchLabels: { "a in (1)": "" } }, "matchLabels cannot be used as a selector"],
    [{ kind: "Bucket", name: "a", matchLabels: { a: "1,b" } }, "one source.toolkit.fluxcd.io/v1 hooks"],
  ])("%j: %s", (resource, want) => {
    const wanted = wantedBy(resource, OPTIONS);
    if (!wanted.ok) expect(wanted.problem).toBe(want);
    else
      expect(
        [wanted.value.kind, wanted.value.apiVersion, wanted.value.namespace, ...(wanted.value.kind === "labelled" ? [wanted.value.labelSelector] : [])].join(
          " ",
        ),
      ).toBe(want);
  });
});

describe("times as Go prints them", () => {
  it.each<[string, number, string]>([
    ["2026-01-02T03:04:05.678Z", 12_345, "2026-01-02 03:04:05.678 +0000 UTC m=+12.345000000"],
    ["2026-01-02T03:04:05.600Z", 0, "2026-01-02 03:04:05.6 +0000 UTC m=+0.000000000"],
    ["2026-01-02T03:04:05Z", 1, "2026-01-02 03:04:05 +0000 UTC m=+0.001000000"],
  ])("%s", (moment, running, want) => expect(goTimeText(epochMs(Date.parse(moment)), ms(running))).toBe(want));
});
