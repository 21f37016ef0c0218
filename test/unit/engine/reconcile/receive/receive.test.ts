import { createHmac } from "node:crypto";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { keyText } from "@sluice/engine/domain/object-key.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { ReceivedRequest } from "@sluice/engine/reconcile/receive/exchange.ts";
import { itemsOf } from "@sluice/engine/reconcile/receive/receive.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_KEY_PEM, PUBLIC_KEYS, signedToken } from "../../../../support/receivers/issuer.ts";
import { createReceiverWorld, RECEIVER, type ReceiverWorld, secretOf } from "../../../../support/receivers/world.ts";

const SOURCE = "source.toolkit.fluxcd.io/v1";
const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
const ISSUER = "https://issuer.example.com";
const TOKEN = "token-that-may-turn-up-nowhere";

let world: ReceiverWorld;
let namespaces = 0;
let namespace = "";

beforeAll(async () => {
  world = await createReceiverWorld({
    get: async (url) => {
      if (url === `${ISSUER}/.well-known/openid-configuration`) return { kind: "found", document: { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` } };
      if (url === "https://other.example.com/.well-known/openid-configuration")
        return { kind: "found", document: { issuer: "https://other.example.com", jwks_uri: "https://other.example.com/keys" } };
      if (url === `${ISSUER}/keys` || url.startsWith("https://www.googleapis.com/"))
        return { kind: "found", document: JSON.parse(JSON.stringify(PUBLIC_KEYS)) };
      return { kind: "failed", message: `nobody is at ${url}` };
    },
  });
});

const repository = (name: string) => ({ apiVersion: SOURCE, kind: "GitRepository", name, namespace });

/** A namespace with the GitRepositories web and db, and a Receiver that is ready; its path. */
async function start(spec: JsonObject, secret: { readonly [key: string]: string } = { token: TOKEN }, name = "hook"): Promise<string> {
  namespace = `ns-${++namespaces}`;
  await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  for (const each of ["web", "db"]) {
    const { name: called } = repository(each);
    await world.put({
      apiVersion: SOURCE,
      kind: "GitRepository",
      metadata: { name: called, namespace, labels: { app: each } },
      spec: { interval: "1m", url: "https://git.example.com/a" },
    });
  }
  return addReceiver(spec, secret, name);
}

async function addReceiver(spec: JsonObject, secret: { readonly [key: string]: string }, name: string): Promise<string> {
  const isOidc = spec.type === "generic-oidc";
  if (!isOidc) await world.put(secretOf(name, namespace, secret));
  const full = { resources: [{ kind: "GitRepository", name: "web" }], ...(!isOidc && { secretRef: { name } }), ...spec };
  await world.put({ ...RECEIVER, metadata: { name, namespace }, spec: full });
  await world.pass(namespace, name);
  const found = await world.find({ ...RECEIVER, namespace, name });
  return (found?.status as { webhookPath?: string } | undefined)?.webhookPath ?? "";
}

const request = (
  path: string,
  more: { readonly headers?: { readonly [name: string]: string }; readonly body?: string | Uint8Array } = {},
): ReceivedRequest => ({
  method: "POST",
  path,
  headers: more.headers ?? {},
  body: Buffer.from(more.body ?? ""),
});

const annotationOf = async (name: string): Promise<string | undefined> => (await world.find(repository(name)))?.metadata.annotations?.[REQUESTED_AT];

/** The code, and which of the two have been annotated by it. */
async function ask(sent: ReceivedRequest, receive = world.receive()): Promise<string> {
  const before = [await annotationOf("web"), await annotationOf("db")];
  world.time.now += 1000;
  const { code, annotated } = await receive(sent);
  const after = [await annotationOf("web"), await annotationOf("db")];
  const moved = ["web", "db"].filter((_, index) => before[index] !== after[index]);
  expect(annotated.map(({ name }) => name).toSorted()).toEqual(moved.toSorted());
  return [code, ...moved].join(" ");
}

const signed = (body: string, token = TOKEN): { readonly headers: { readonly [name: string]: string }; readonly body: string } => ({
  headers: { "content-type": "application/json", "x-signature": `sha256=${createHmac("sha256", token).update(body).digest("hex")}` },
  body,
});

describe("what follows from a webhook", () => {
  it("a look at each object that was annotated, distinct for each request", async () => {
    const path = await start({ type: "generic", resources: [{ kind: "GitRepository", name: "*", matchLabels: {} }] });
    const receive = world.receive();
    const first = await receive(request(path));
    world.time.now += 1;
    const second = await receive(request(path));
    const items = itemsOf(first);
    expect(items.map(({ key }) => keyText(key)).toSorted()).toEqual([`test/GitRepository/${namespace}/db`, `test/GitRepository/${namespace}/web`]);
    expect(items.every(({ cause, look }) => cause === "request" && look === `request ${first.requestedAt}`)).toBe(true);
    expect(second.requestedAt).not.toBe(first.requestedAt);
    expect(await annotationOf("web")).toBe(second.requestedAt);
  });

  it("an object that several entries name is annotated and sent once", async () => {
    const path = await start({
      type: "generic",
      resources: [
        { kind: "GitRepository", name: "web" },
        { kind: "GitRepository", name: "*", matchLabels: { app: "web" } },
      ],
    });
    expect(itemsOf(await world.receive()(request(path)))).toHaveLength(1);
  });

  it("a replay asks for another look, and for nothing else: what a request says goes nowhere", async () => {
    const path = await start({ type: "generic-hmac" });
    const sent = request(path, signed('{"requestedAt":"2000-01-01","metadata":{"annotations":{"evil":"1"}}}'));
    expect(await ask(sent)).toBe("200 web");
    const before = await world.find(repository("web"));
    expect(await ask(sent)).toBe("200 web");
    const after = await world.find(repository("web"));
    expect(Object.keys(after?.metadata.annotations ?? {})).toEqual([REQUESTED_AT]);
    expect([after?.spec, after?.metadata.labels, after?.metadata.generation]).toEqual([before?.spec, before?.metadata.labels, before?.metadata.generation]);
  });
});

describe("whose path it is", () => {
  it("the signature for one Receiver opens no other", async () => {
    await start({ type: "generic-hmac" });
    const other = await addReceiver({ type: "generic-hmac", resources: [{ kind: "GitRepository", name: "db" }] }, { token: "another" }, "other");
    expect(await ask(request(other, signed("{}")))).toBe("400");
    expect(await ask(request(other, signed("{}", "another")))).toBe("200 db");
  });

  it("the cluster decides: who is pointed to and has another path does not answer", async () => {
    const path = await start({ type: "generic" });
    await addReceiver({ type: "generic", resources: [{ kind: "GitRepository", name: "db" }] }, { token: "another" }, "other");
    const pointing = (name: string) => world.receive({ findReceivers: async () => [{ cluster: "test", namespace, name }] });
    expect(await ask(request(path), pointing("other"))).toBe("404");
    expect(await ask(request(path), pointing("gone"))).toBe("404");
    expect(await ask(request(path), pointing("hook"))).toBe("200 web");
  });

  it("a token that is changed counts at once, and the path with the next pass", async () => {
    const path = await start({ type: "gitlab" });
    await world.put(secretOf("hook", namespace, { token: "new" }));
    expect(await ask(request(path, { headers: { "x-gitlab-token": TOKEN } }))).toBe("400");
    expect(await ask(request(path, { headers: { "x-gitlab-token": "new" } }))).toBe("200 web");
    await world.pass(namespace, "hook");
    expect(await ask(request(path, { headers: { "x-gitlab-token": "new" } }))).toBe("404");
  });

  it("a Secret that is gone: 400 until the pass has seen it, then 404", async () => {
    const path = await start({ type: "generic" });
    await world.remove({ apiVersion: "v1", kind: "Secret", namespace, name: "hook" });
    expect(await ask(request(path))).toBe("400");
    await world.pass(namespace, "hook");
    expect(await ask(request(path))).toBe("404");
  });
});

describe("several clusters with the same Receiver", () => {
  const places =
    (...clusters: readonly string[]) =>
    async () =>
      clusters.map((cluster) => ({ cluster, namespace, name: "hook" }));
  const silent: Cluster = {
    get: () => Promise.reject(new Error("nobody answers")),
    list: () => Promise.reject(new Error("nobody answers")),
    patch: () => Promise.reject(new Error("nobody answers")),
    apply: () => Promise.reject(new Error("nobody answers")),
    create: () => Promise.reject(new Error("nobody answers")),
    replace: () => Promise.reject(new Error("nobody answers")),
    delete: () => Promise.reject(new Error("nobody answers")),
  };
  const suspended = (): Cluster => ({
    ...world.cluster,
    get: async (ref) => {
      const answer = await world.cluster.get(ref);
      if (answer.kind !== "found" || ref.kind !== "Receiver") return answer;
      return { kind: "found", object: { ...answer.object, spec: { ...(answer.object.spec as JsonObject), suspend: true } } };
    },
  });

  it.each<{ name: string; clusters: readonly string[]; want: string }>([
    { name: "one of them has it no more", clusters: ["test", "gone"], want: "200 web" },
    { name: "one of them is silent: the others are annotated, and the sender hears of it", clusters: ["silent", "test"], want: "500 web" },
    { name: "it is suspended in one of them", clusters: ["suspended", "test"], want: "200 web" },
    { name: "it is suspended in all of them that have it", clusters: ["suspended", "gone"], want: "503" },
    { name: "none has it", clusters: ["gone"], want: "404" },
    { name: "nobody is known to", clusters: [], want: "404" },
  ])("$name: $want", async ({ clusters, want }) => {
    const path = await start({ type: "generic" });
    const clusterNamed = async (name: string): Promise<Cluster | undefined> =>
      name === "test" ? world.cluster : name === "silent" ? silent : name === "suspended" ? suspended() : undefined;
    expect(await ask(request(path), world.receive({ findReceivers: places(...clusters), clusterNamed }))).toBe(want);
  });

  it("notes that cannot be read: 500", async () => {
    const path = await start({ type: "generic" });
    expect(await ask(request(path), world.receive({ findReceivers: () => Promise.reject(new Error("S3 is silent")) }))).toBe("500");
  });

  it("an object that nobody answers for keeps no other waiting", async () => {
    const path = await start({
      type: "generic",
      resources: [
        { kind: "GitRepository", name: "web" },
        { kind: "GitRepository", name: "db" },
      ],
    });
    const half: Cluster = { ...world.cluster, patch: (ref, patch) => (ref.name === "web" ? silent.patch(ref, patch) : world.cluster.patch(ref, patch)) };
    expect(await ask(request(path), world.receive({ clusterNamed: async () => half }))).toBe("500 db");
  });

  it("a request that can be no Receiver's asks nobody", async () => {
    let asked = 0;
    const receive = world.receive({
      findReceivers: async () => {
        asked++;
        return [];
      },
    });
    const big = new Uint8Array(3 * 1024 * 1024 + 1);
    const paths = ["/hook/x", `/hook/${"a".repeat(64)}?b`, "/hook", "/", "//hook/x", `/hook/${"a".repeat(65)}`, "/hook/__proto__"];
    const codes = await Promise.all(paths.map(async (path) => (await receive(request(path))).code));
    expect(codes).toEqual([404, 404, 307, 404, 307, 404, 404]);
    expect((await receive(request(`/hook/${"a".repeat(64)}`, { body: big }))).code).toBe(413);
    expect(asked).toBe(0);
  });
});

describe("tokens of issuers", () => {
  const provider = { issuerURL: ISSUER, audience: "us", validations: [{ expression: "claims.repository == 'acme/shop'", message: "wrong repository" }] };
  const claims = (more: JsonObject = {}): JsonObject => ({
    iss: ISSUER,
    aud: "us",
    repository: "acme/shop",
    exp: Math.floor(world.time.now / 1000) + 600,
    ...more,
  });
  const bearer = (token: string): { readonly headers: { readonly [name: string]: string } } => ({
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

  it.each<{ name: string; token: () => string; want: string }>([
    { name: "of the issuer, for us", token: () => signedToken(claims()), want: "200 web" },
    { name: "for us and others", token: () => signedToken(claims({ aud: ["a", "us"] })), want: "200 web" },
    { name: "for others", token: () => signedToken(claims({ aud: ["a", "b"] })), want: "400" },
    { name: "for nobody", token: () => signedToken({ ...claims(), aud: null }), want: "400" },
    { name: "for the audience that is the default", token: () => signedToken(claims({ aud: "notification-controller" })), want: "400" },
    { name: "of another repository", token: () => signedToken(claims({ repository: "eve/shop" })), want: "400" },
    { name: "without the claim", token: () => signedToken({ iss: ISSUER, aud: "us", exp: Math.floor(world.time.now / 1000) + 600 }), want: "400" },
    { name: "of another issuer", token: () => signedToken(claims({ iss: "https://eve.example.com" })), want: "400" },
    { name: "of another issuer of the list, whose keys are not there", token: () => signedToken(claims({ iss: "https://other.example.com" })), want: "400" },
    { name: "of the issuer with a slash", token: () => signedToken(claims({ iss: `${ISSUER}/` })), want: "400" },
    { name: "expired", token: () => signedToken(claims({ exp: Math.floor(world.time.now / 1000) - 1 })), want: "400" },
    { name: "unsigned", token: () => `${part({ alg: "none" })}.${part(claims())}.AA`, want: "400" },
    {
      name: "signed with the issuer's public key as an HMAC's",
      token: () => {
        const text = `${part({ alg: "HS256", kid: "k1" })}.${part(claims())}`;
        return `${text}.${createHmac("sha256", PUBLIC_KEY_PEM).update(text).digest("base64url")}`;
      },
      want: "400",
    },
  ])("$name: $want", async ({ token, want }) => {
    const path = await start({ type: "generic-oidc", oidcProviders: [provider, { ...provider, issuerURL: "https://other.example.com" }] });
    expect(await ask(request(path, bearer(token())))).toBe(want);
  });

  it("validations see variables, and variables those before them", async () => {
    const variables = [
      { name: "parts", expression: "claims.repository.split('/')" },
      { name: "owner", expression: "vars.parts[0]" },
    ];
    const validations = [
      { expression: "vars.owner == 'acme'", message: "wrong owner" },
      { expression: "size(vars.parts) == 2", message: "no repository" },
    ];
    const path = await start({ type: "generic-oidc", oidcProviders: [{ ...provider, variables, validations }] });
    expect(await ask(request(path, bearer(signedToken(claims()))))).toBe("200 web");
    expect(await ask(request(path, bearer(signedToken(claims({ repository: "eve/a/b" })))))).toBe("400");
    expect(world.log.at(-1)).toContain("the token is not accepted: wrong owner; no repository");
  });

  it.each<{ name: string; secret: { readonly [key: string]: string } }>([
    { name: "audience", secret: { email: "robot@example.com" } },
    { name: "email", secret: { audience: "us", email: "" } },
  ])("a gcr Secret without $name lets nobody in, not even who has nothing there either", async ({ secret }) => {
    const path = await start({ type: "gcr" }, { token: TOKEN, ...secret });
    const { audience = "", email = "" } = secret;
    const token = signedToken(claims({ iss: "https://accounts.google.com", aud: audience, email, email_verified: true }));
    const body = JSON.stringify({ message: { data: Buffer.from("{}").toString("base64") } });
    expect(await ask(request(path, { ...bearer(token), body }))).toBe("400");
  });

  it("a token of Google's for another receiver's account is refused", async () => {
    const path = await start({ type: "gcr" }, { token: TOKEN, audience: "us", email: "robot@example.com" });
    const google = (email: string) => signedToken(claims({ iss: "https://accounts.google.com", email, email_verified: true }));
    const body = JSON.stringify({ message: { data: Buffer.from("{}").toString("base64") } });
    expect(await ask(request(path, { ...bearer(google("robot@example.com")), body }))).toBe("200 web");
    expect(await ask(request(path, { ...bearer(google("eve@example.com")), body }))).toBe("400");
    expect(await ask(request(path, { ...bearer(signedToken(claims({ iss: ISSUER, email: "robot@example.com", email_verified: true }))), body }))).toBe("400");
    expect(await ask(request(path, { ...bearer(google("robot@example.com")), body: JSON.stringify({ message: { data: "e30" } }) }))).toBe("400");
  });
});

describe("hostile requests", () => {
  const JSON_TYPE = { "content-type": "application/json" };
  it.each<{ name: string; body: string; want: string }>([
    { name: "keys of every object are no keys of req", body: '{"a":1}', want: "200" },
    { name: "nor when they are sent as such", body: '{"__proto__":{"constructor":1,"toString":1}}', want: "200" },
    { name: "deep JSON", body: '{"a":'.repeat(100_000), want: "500" },
    { name: "endless JSON", body: `{"a":[${"0,".repeat(1_000_000)}0]}`, want: "500" },
  ])("$name: $want", async ({ body, want }) => {
    const path = await start({ type: "generic", resourceFilter: "has(req.constructor) || has(req.toString) || has(req.hasOwnProperty)" });
    expect(await ask(request(path, { headers: JSON_TYPE, body }))).toBe(want);
  });

  it("an expression that costs too much is given up, for a body that makes it so", async () => {
    const filter = "req.a.all(x, req.a.all(y, req.a.all(z, x + y + z >= 0.0)))";
    const path = await start({ type: "generic", resourceFilter: filter });
    expect(await ask(request(path, { headers: JSON_TYPE, body: '{"a":[1]}' }))).toBe("200 web");
    expect(await ask(request(path, { headers: JSON_TYPE, body: JSON.stringify({ a: Array.from({ length: 5000 }, () => 1) }) }))).toBe("500");
  });

  it("what cannot be found is logged with its namespace, by which `sluice logs` picks its lines", async () => {
    world.log.splice(0);
    const path = await start({ type: "generic", resources: [{ kind: "GitRepository", name: "*" }] });
    expect(await ask(request(path))).toBe("500");
    const lines = world.log.filter((line) => line.includes("not annotated"));
    expect(lines.map((line) => JSON.parse(line).object)).toEqual([`GitRepository/${namespace}/*`]);
  });

  it("nothing of a request, a token or a Secret gets into the log or the answer", async () => {
    const path = await start({ type: "generic-hmac", resourceFilter: "req.name.contains(req.number)" });
    world.log.splice(0);
    const canary = "canary-of-the-request";
    const answers = [
      await world.receive()(request(path, signed(JSON.stringify({ name: canary, number: 1 })))),
      await world.receive()(request(path, { headers: { "x-signature": `sha256=${canary}`, authorization: canary }, body: canary })),
      await world.receive()(request(`${path}?${canary}`)),
    ];
    expect(answers.map(({ code }) => code)).toEqual([500, 400, 404]);
    const shown = world.log.join("\n") + JSON.stringify(answers);
    expect(shown).toContain('"bytes"');
    expect([shown.includes(canary), shown.includes(TOKEN)]).toEqual([false, false]);
  });
});
