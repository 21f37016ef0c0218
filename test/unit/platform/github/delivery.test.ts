import { createHmac } from "node:crypto";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import { type Delivery, type DeliveryRequest, MAX_DELIVERY_BYTES, readDelivery } from "@sluice/platform/github/delivery.ts";
import { verifySignature } from "@sluice/platform/github/verify-signature.ts";
import { describe, expect, it } from "vitest";

const CURRENT = secret("canary-current");
const PREVIOUS = secret("canary-previous");
const KEYS = [CURRENT, PREVIOUS];

const sign = (body: Uint8Array, key: Secret = CURRENT): string => `sha256=${createHmac("sha256", key.reveal()).update(body).digest("hex")}`;

type Given = { readonly headers?: DeliveryRequest["headers"]; readonly key?: Secret };

const read = (body: string | Uint8Array, { headers = {}, key }: Given = {}, more: Partial<DeliveryRequest> = {}): Promise<Delivery> => {
  const bytes = Buffer.from(body);
  const all = { "x-github-event": "push", "x-github-delivery": "d-1", "x-hub-signature-256": sign(bytes, key), ...headers };
  return readDelivery({ body: bytes, headers: all, keys: async () => KEYS, verify: verifySignature, ...more });
};

const push = (ref: unknown = "refs/heads/main", url: unknown = "https://github.com/o/r.git", more: object = {}): string =>
  JSON.stringify({ ref, repository: { clone_url: url }, ...more });
const PUSHED = { kind: "push", repository: "https://github.com/o/r.git", ref: "refs/heads/main", delivery: "d-1" };

describe("what GitHub sends", () => {
  it.each<[string, string | Uint8Array, Given, object]>([
    ["a push", push(), {}, PUSHED],
    ["signed with the key before the current one", push(), { key: PREVIOUS }, PUSHED],
    ["a push of a tag", push("refs/tags/v1.2.3"), {}, { ...PUSHED, ref: "refs/tags/v1.2.3" }],
    ["a branch deleted: its followers are to see that", push(undefined, undefined, { deleted: true, after: "0".repeat(40) }), {}, PUSHED],
    ["a branch with letters of other alphabets", push("refs/heads/größe/図"), {}, { ...PUSHED, ref: "refs/heads/größe/図" }],
    ["text before the JSON that JavaScript would drop", `\u{FEFF}${push()}`, {}, { kind: "malformed", delivery: "d-1" }],
    ["a ping", '{"zen":"Design for failure."}', { headers: { "x-github-event": "ping" } }, { kind: "ping", delivery: "d-1" }],
    ["another event", "{}", { headers: { "x-github-event": "issues" } }, { kind: "ignored", event: "issues", delivery: "d-1" }],
    ["an event of no name", push(), { headers: { "x-github-event": undefined } }, { kind: "ignored", event: "", delivery: "d-1" }],
    ["an event that came twice", push(), { headers: { "x-github-event": "push, push" } }, { kind: "ignored", event: "push, push", delivery: "d-1" }],
  ])("%s", async (_, body, given, want) => expect(await read(body, given)).toEqual(want));
});

describe("what has no good signature is not read", () => {
  const other = secret("other");
  it.each<[string, string | Uint8Array, Given]>([
    ["none", push(), { headers: { "x-hub-signature-256": undefined } }],
    ["an empty one", push(), { headers: { "x-hub-signature-256": "" } }],
    ["another key's", push(), { key: other }],
    ["another body's", push(), { headers: { "x-hub-signature-256": sign(Buffer.from(`${push()} `)) } }],
    ["one letter short", push(), { headers: { "x-hub-signature-256": sign(Buffer.from(push())).slice(0, -1) } }],
    ["one of many letters", push(), { headers: { "x-hub-signature-256": "x".repeat(10_000) } }],
    ["one in capitals", push(), { headers: { "x-hub-signature-256": sign(Buffer.from(push())).toUpperCase() } }],
    ["two", push(), { headers: { "x-hub-signature-256": `${sign(Buffer.from(push()), other)}, ${sign(Buffer.from(push()))}` } }],
    ["a list of two", push(), { headers: { "x-hub-signature-256": [sign(Buffer.from(push())), sign(Buffer.from(push()))] } }],
    ["an older kind", push(), { headers: { "x-hub-signature-256": undefined, "x-hub-signature": "sha1=00" } }],
    ["no body", "", {}],
    ["no UTF-8", Buffer.concat([Buffer.from('{"ref":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), {}],
    ["JSON of a header's name", push(), { headers: { "x-hub-signature-256": "[object Object]" } }],
  ])("%s", async (_, body, given) => expect(await read(body, given)).toEqual({ kind: "unsigned" }));

  it("neither is a body whose bytes are others than those that were signed, though they read alike", async () => {
    const signed = Buffer.from(push("refs/heads/\u{FFFD}"));
    const forged = Buffer.from(signed.toString("latin1").replace("\xef\xbf\xbd", "\xff"), "latin1");
    expect(await read(forged, { headers: { "x-hub-signature-256": sign(signed) } })).toEqual({ kind: "unsigned" });
  });
});

describe("what is signed and of no use", () => {
  it.each<[string, string | undefined]>([
    ["none", undefined],
    ["one of many letters", "x".repeat(201)],
    ["one with a line break", "a\nb"],
  ])("a delivery id: %s", async (_, id) => expect(await read(push(), { headers: { "x-github-delivery": id } })).toEqual({ kind: "no-delivery-id" }));

  it.each([
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["no repository", '{"ref":"refs/heads/main"}'],
    ["a repository that is a list", '{"ref":"refs/heads/main","repository":["https://a/b"]}'],
    ["no ref", '{"repository":{"clone_url":"https://a/b"}}'],
    ["a ref that is a number", push(1)],
    ["a ref that is no full name", push("main")],
    ["a ref with a line break", push("refs/heads/a\nb")],
    ["a ref with a space", push("refs/heads/a b")],
    ["a ref of many letters", push(`refs/heads/${"x".repeat(2000)}`)],
    ["a URL that is none", push(undefined, "o/r")],
    ["a URL of a file", push(undefined, "file:///etc/passwd")],
    ["a URL of SSH", push(undefined, "ssh://git@github.com/o/r.git")],
    ["a URL of a script", push(undefined, "javascript:alert(1)")],
    ["a URL with a password", push(undefined, "https://user:canary-password@github.com/o/r.git")],
    ["a URL with a user", push(undefined, "https://user@github.com/o/r.git")],
    ["a URL with a line break", push(undefined, "https://github.com/o/\nr.git")],
    ["a URL with spaces around it", push(undefined, " https://github.com/o/r.git ")],
    ["a URL of many letters", push(undefined, `https://github.com/${"x".repeat(3000)}`)],
    ["names of JavaScript", '{"__proto__":{"ref":"refs/heads/main"},"repository":{"__proto__":{"clone_url":"https://a/b"}}}'],
    ["a hundred thousand levels", "[".repeat(100_000) + "]".repeat(100_000)],
  ])("%s", async (_, body) => expect(await read(body)).toEqual({ kind: "malformed", delivery: "d-1" }));
});

describe("no more work than a signature check before it is sure", () => {
  const counted = (): { readonly asked: string[]; readonly more: Partial<DeliveryRequest> } => {
    const asked: string[] = [];
    const more: Partial<DeliveryRequest> = {
      keys: async () => {
        asked.push("keys");
        return KEYS;
      },
      verify: (key, body, given) => {
        asked.push(key.reveal());
        return verifySignature(key, body, given);
      },
    };
    return { asked, more };
  };
  it.each<[string, Uint8Array, Given, string[]]>([
    ["too large: nothing", Buffer.alloc(MAX_DELIVERY_BYTES + 1), { headers: { "x-hub-signature-256": sign(Buffer.from("x")) } }, []],
    ["no signature: nothing", Buffer.from(push()), { headers: { "x-hub-signature-256": "" } }, []],
    ["the first key fits: the second is tried all the same", Buffer.from(push()), {}, ["keys", "canary-current", "canary-previous"]],
    ["no key fits", Buffer.from(push()), { key: secret("other") }, ["keys", "canary-current", "canary-previous"]],
  ])("%s", async (_, body, given, want) => {
    const { asked, more } = counted();
    await read(body, given, more);
    expect(asked).toEqual(want);
  });
  it("as large as GitHub's largest is read", async () => {
    expect(await read(Buffer.alloc(MAX_DELIVERY_BYTES, " "))).toEqual({ kind: "malformed", delivery: "d-1" });
    expect(await read(Buffer.alloc(MAX_DELIVERY_BYTES + 1, " "))).toEqual({ kind: "too-large" });
  });
});

describe("a key that became live a moment ago", () => {
  const next = secret("canary-next");
  it("is asked for when none fits", async () => expect(await read(push(), { key: next }, { newerKeys: async () => [next, CURRENT] })).toEqual(PUSHED));
  it("is asked for only then", async () => {
    const newerKeys = (): never => {
      throw new Error("asked");
    };
    expect(await read(push(), {}, { newerKeys })).toEqual(PUSHED);
  });
  it("is not tried twice when there is no news", async () => {
    const tried: string[] = [];
    const verify: DeliveryRequest["verify"] = async (key) => {
      tried.push(key.reveal());
      return false;
    };
    expect(await read(push(), {}, { verify, newerKeys: async () => KEYS })).toEqual({ kind: "unsigned" });
    expect(tried).toEqual(["canary-current", "canary-previous"]);
  });
});

describe("what is our failure is no wrong signature", () => {
  const broken = async (): Promise<never> => {
    throw new Error("broken");
  };
  it.each<[string, Partial<DeliveryRequest>, RegExp]>([
    ["the verifier breaks", { verify: broken }, /^broken$/],
    ["the verifier breaks at the second key", { verify: async (key) => (key === PREVIOUS ? broken() : true) }, /^broken$/],
    ["the keys cannot be had", { keys: broken }, /^broken$/],
    ["the newer keys cannot be had", { verify: async () => false, newerKeys: broken }, /^broken$/],
    ["there is no key", { keys: async () => [] }, /no webhook secret/],
    ["a key is empty", { keys: async () => [secret("")] }, /secret/],
  ])("%s", async (_, more, want) => {
    await expect(read(push(), {}, more)).rejects.toThrow(want);
  });
});
