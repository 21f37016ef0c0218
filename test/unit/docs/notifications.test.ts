import { generateKeyPairSync } from "node:crypto";
import { readdirSync } from "node:fs";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import { SAID_ONCE_IN } from "@sluice/engine/events/dedupe-key.ts";
import { LONGEST_MESSAGE } from "@sluice/engine/events/notified-event.ts";
import { parseReceiver, RECEIVER_TYPES } from "@sluice/engine/flux/receiver-object.ts";
import { compileFilters, findSpecProblem } from "@sluice/engine/receivers/filters.ts";
import { LONGEST_ATTEMPT, nextAttempt } from "@sluice/engine/reconcile/notify/schedule.ts";
import { METRIC_DIMENSIONS } from "@sluice/platform/lambda/metric-names.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { describe, expect, it } from "vitest";
import { CONTEXT_KEYS } from "../../../lib/stack/stack-config.ts";
import { readRecorded } from "../../support/notify/recorded.ts";
import { createWorld, START, secretOf } from "../../support/notify/world.ts";
import { documents, faultsOf, objectsIn, readPage, sectionsOf } from "./examples.ts";

const page = readPage("docs/notifications.md");
const sections = sectionsOf(page);

/** The part of the page with that heading: there is exactly one. */
function sectionOf(heading: string): string {
  const found = sections.filter((section) => section.heading === heading);
  expect(found.map((section) => section.heading)).toEqual([heading]);
  return found[0]?.text ?? "";
}

const typeOf = ({ spec }: Manifest): unknown => (spec as { readonly type?: unknown } | undefined)?.type;
const ofKind = (objects: readonly Manifest[], kind: string): readonly Manifest[] => objects.filter((object) => object.kind === kind);
const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

describe("docs/notifications.md", () => {
  it("has the types of Providers and Receivers, in their order, and no others", () => {
    const headings = sections.map(({ heading }) => heading).filter((heading) => /^(?:Provider|Receiver) `/.test(heading));
    expect(headings).toEqual([...PROVIDER_TYPES.map((type) => `Provider \`${type}\``), ...RECEIVER_TYPES.map((type) => `Receiver \`${type}\``)]);
  });

  it.each(objectsIn(page).map((object, index) => ({ index, name: nameOf(object), object })))("$index: $name is what the API server takes", ({ object }) =>
    expect(faultsOf(object)).toEqual([]));

  it.each(["slack", "notifyTargets", "amazonQ", "privateNetworks", "noCrossNamespaceRefs"])("says what the setting %s does", (key) =>
    expect(page).toContain(`\`${key}\``));
  it("names settings of the stack that there are", () => {
    const named = [...page.matchAll(/-c (\w+)=|\bsettings? `(\w+)`/g)].map(([, flag, setting]) => flag ?? setting);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !CONTEXT_KEYS.some((key) => key === name))).toEqual([]);
  });

  it("names metrics that there are", () => {
    const named = [...page.matchAll(/`((?:Notification(?!Dispatch)|Event|Hook)[A-Z]\w+)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !Object.hasOwn(METRIC_DIMENSIONS, name))).toEqual([]);
  });
});

describe("its times", () => {
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;

  /** How long each attempt is after the one before, and where it is said that it failed, of a provider that never answers. */
  function waits(timeout: number): readonly (number | "said")[] {
    const all: (number | "said")[] = [];
    let [attempt, now] = [0, 0];
    for (;;) {
      const next = nextAttempt({ attempt, since: epochMs(0), timeout: ms(timeout), now: epochMs(now) });
      if (next.kind === "given-up") return all;
      if (next.failed !== undefined) all.push("said");
      all.push(next.notBefore - now);
      [attempt, now] = [next.attempt, next.notBefore];
    }
  }

  it("are those of the schedule", () => {
    expect(waits(10 * MINUTE)).toEqual([2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND, "said", MINUTE, 5 * MINUTE, 15 * MINUTE]);
    expect(waits(15 * SECOND).indexOf("said")).toBe(3);
    const table = sectionOf("Delivery");
    for (const words of ["2, 4, 8 and 16 s after the one before", "15 s leave four", "1, 5 and 15 min after the one before", "three more", "from 2 to 30 s"])
      expect(table).toContain(words);
  });

  it("and bounds are those of the code", () => {
    expect([LONGEST_ATTEMPT, SAID_ONCE_IN, LONGEST_MESSAGE]).toEqual([MINUTE, 5 * MINUTE, 39_000]);
    for (const words of ["An attempt takes a minute at most", "told once in five minutes", "39,000 characters"]) expect(page).toContain(words);
  });
});

type Heeded = { readonly certSecretRef: string; readonly proxySecretRef: string; readonly headersOfTheSecret: string };

describe("the table of what is heeded", () => {
  const rows = new Map(
    sectionOf("What of its Secrets a type heeds")
      .split("\n")
      .flatMap((line) => {
        const [types = "", ...cells] = line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim());
        return [...types.matchAll(/`([^`]+)`/g)].map(([, type = ""]) => [type, cells] as const);
      }),
  );
  const { types } = readRecorded<{ readonly types: { readonly [type: string]: Heeded } }>("providers/transport.yaml");

  it("has every type once", () => expect([...rows.keys()].toSorted()).toEqual([...PROVIDER_TYPES].toSorted()));
  it.each(Object.entries(types))("%s is as recorded", (type, { certSecretRef, proxySecretRef, headersOfTheSecret }) => {
    const [cert, proxy, headers] = rows.get(type) ?? [];
    if (certSecretRef !== "not recorded") expect(cert).toBe(certSecretRef === "used" ? "yes" : "no");
    expect([proxy, headers]).toEqual([proxySecretRef === "used" ? "yes" : "no", headersOfTheSecret === "sent" ? "yes" : "no"]);
  });
  it.each(PROVIDER_TYPES)("%s is as its sender does", async (type) => {
    const { heeded } = await send(withTransport(objectsIn(sectionOf(`Provider \`${type}\``))));
    expect((rows.get(type) ?? []).slice(0, 2)).toEqual(["certSecretRef", "proxySecretRef"].map((field) => (heeded.has(field) ? "yes" : "no")));
  });
});

const COMMIT = "7c7d0f2a8b5e4c1d9f3a6b0e2d4c8f1a5b7e9d3c";
const EVENT: NotifiedEvent = {
  id: "e",
  involvedObject: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "flux-system",
    name: "apps",
    uid: "u",
    resourceVersion: "1",
  },
  severity: "error",
  timestamp: new Date(START).toISOString(),
  message: "m",
  reason: "HealthCheckFailed",
  metadata: { "kustomize.toolkit.fluxcd.io/revision": `main@sha1:${COMMIT}`, "event.toolkit.fluxcd.io/change_request": "7" },
  reportingController: "kustomize-controller",
  reportingInstance: "kustomize-controller",
};

/** A key in the place of the one that the page does not show. */
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const filled = (text: string): string =>
  text.replace(/-----BEGIN PRIVATE KEY-----.*-----END PRIVATE KEY-----(?:\\n)?/s, JSON.stringify(privateKey).slice(1, -1));

const stored = (object: Manifest): Manifest =>
  object.kind === "Secret"
    ? secretOf(object.metadata.name ?? "", object.metadata.namespace ?? "", texts(object))
    : { ...object, metadata: { ...object.metadata, uid: "0a1b2c3d-0000-4000-8000-00000000000f" } };
const texts = ({ stringData }: Manifest): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(stringData as { readonly [key: string]: string }).map(([key, text]) => [key, filled(text)]));

/** Sends the event by the Provider of an example. The other side takes everything; what was sent, and what the Alert was told. */
async function send(objects: readonly Manifest[]) {
  const [provider] = ofKind(objects, "Provider");
  const requests: string[] = [];
  const heeded = new Set<string>();
  const notifier = createNotifier({
    http: {
      send: async ({ method, url, tls, proxy }) => {
        requests.push(`${method} ${url}`);
        if (tls !== undefined) heeded.add("certSecretRef");
        if (proxy !== undefined) heeded.add("proxySecretRef");
        return { kind: "answered", status: 200, headers: {}, url, body: Buffer.from(bodyFor(method, url)) };
      },
    },
    dial: async ({ host, port }) => {
      requests.push(`${host}:${port}`);
      return { kind: "silent", why: "unreachable", words: "nobody is there" };
    },
    aws: (service, region) => ({
      send: async () => {
        requests.push(`${service} in ${region}`);
        return { status: 200, headers: {}, body: Buffer.from('{"Entries":[{"EventId":"1"}]}') };
      },
    }),
    now: () => epochMs(START),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "h",
  });
  const name = provider?.metadata.name ?? "";
  const alert: Manifest = {
    apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
    kind: "Alert",
    metadata: { name: "a", namespace: provider?.metadata.namespace ?? "", uid: "a", resourceVersion: "1" },
    spec: { providerRef: { name }, eventSources: [{ kind: "Kustomization", name: "*", namespace: "flux-system" }] },
  };
  const world = createWorld({ objects: [alert, ...objects.map(stored)], answer: notifier.send });
  await world.notifications().dispatch(EVENT);
  const ends = await world.drain();
  return { requests, heeded, warnings: world.warnings(), end: ends[0]?.kind, log: world.log.join("\n") };
}

/** An example that also has certificates and a proxy. */
function withTransport(objects: readonly Manifest[]): readonly Manifest[] {
  const metadata = (name: string) => ({ name, namespace: objects[0]?.metadata.namespace ?? "" });
  return [
    ...objects.map((object) =>
      object.kind === "Provider"
        ? { ...object, spec: { ...(object.spec as JsonObject), certSecretRef: { name: "ca" }, proxySecretRef: { name: "proxy" } } }
        : object,
    ),
    { apiVersion: "v1", kind: "Secret", metadata: metadata("ca"), stringData: { "ca.crt": "-----BEGIN CERTIFICATE-----" } },
    { apiVersion: "v1", kind: "Secret", metadata: metadata("proxy"), stringData: { address: "http://proxy.example.com:3128" } },
  ];
}

/** What services say of themselves where a sender looks. */
function bodyFor(method: string, url: string): string {
  if (method === "POST" && url.endsWith("/deployments")) return '{"id":1}';
  if (url.endsWith("/token")) return '{"access_token":"t"}';
  if (url.endsWith("/chat.postMessage")) return '{"ok":true}';
  if (url.endsWith("/user") || url.endsWith("/api/v1/version")) return '{"login":"sluice","username":"sluice","version":"1.22.0"}';
  if (/\/(?:comments|notes|statuses|deployments)(?:\?|$)/.test(url)) return "[]";
  return "{}";
}

describe.each(PROVIDER_TYPES)("the example of the Provider %s", (type) => {
  const objects = objectsIn(sectionOf(`Provider \`${type}\``));

  it("is one Provider of that type, with every Secret that it names", () => {
    const providers = ofKind(objects, "Provider");
    expect(providers.map(typeOf)).toEqual([type]);
    const spec = providers[0]?.spec as { readonly [field: string]: { readonly name?: string } | undefined };
    const named = ["secretRef", "certSecretRef", "proxySecretRef"].flatMap((field) => spec[field]?.name ?? []);
    expect(ofKind(objects, "Secret").map(({ metadata }) => metadata.name)).toEqual(named);
    expect(new Set(objects.map(({ metadata }) => metadata.namespace)).size).toBe(1);
  });

  it("has all that it takes to send", async () => {
    const { requests, warnings, end, log } = await send(objects);
    expect(requests.length).toBeGreaterThan(0);
    expect(log).not.toContain("broke off");
    // NATS is no request that could be answered here.
    if (type === "nats") expect(requests).toContain("nats.example.com:4222");
    else expect({ warnings, end }).toEqual({ warnings: [], end: "delivered" });
  });
});

it("the example of commit statuses has all that it takes to send, but for the Secret that stands above", async () => {
  const own = ofKind(objectsIn(sectionOf("Commit statuses and deployments")), "Provider");
  const { requests, warnings } = await send([...own, ...ofKind(objectsIn(sectionOf("Provider `github`")), "Secret")]);
  expect(warnings).toEqual([]);
  expect(requests.at(-1)).toBe(`POST https://api.github.com/repos/acme/fleet/statuses/${COMMIT}`);
});

describe.each(RECEIVER_TYPES)("the example of the Receiver %s", (type) => {
  const objects = objectsIn(sectionOf(`Receiver \`${type}\``));

  it("is one Receiver of that type, with its Secret", () => {
    const receivers = ofKind(objects, "Receiver");
    expect(receivers.map(typeOf)).toEqual([type]);
    const { secretRef } = receivers[0]?.spec as { readonly secretRef?: { readonly name: string } };
    const secrets = ofKind(objects, "Secret");
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(secretRef === undefined ? [] : [secretRef.name]);
    for (const { stringData } of secrets) expect(stringData).toHaveProperty("token");
  });

  it("can work", () => {
    for (const object of ofKind(objects, "Receiver")) {
      const parsed = parseReceiver(object);
      if (!parsed.ok) throw new Error(parsed.problem);
      expect(findSpecProblem(parsed.value.spec)).toBeUndefined();
    }
  });
});

describe("the filters of the page", () => {
  const resource = (name: string, labels: JsonObject): JsonObject => ({ apiVersion: "v1", kind: "GitRepository", metadata: { name, labels } });
  const PUSH = { ref: "refs/heads/main", repository: { name: "shop" } };

  it.each<{ heading: string; req: JsonObject; res: JsonObject; want: boolean }>([
    { heading: "Filters", req: PUSH, res: resource("shop", { team: "shop", repository: "shop" }), want: true },
    { heading: "Filters", req: PUSH, res: resource("shop", { team: "shop" }), want: false },
    { heading: "Filters", req: { ...PUSH, ref: "refs/heads/other" }, res: resource("shop", { repository: "shop" }), want: false },
    { heading: "Filters", req: {}, res: resource("shop", {}), want: false },
    { heading: "Receiver `gcr`", req: { tag: "eu.gcr.io/acme/shop:1.2.3" }, res: resource("shop", {}), want: true },
    { heading: "Receiver `gcr`", req: { tag: "eu.gcr.io/acme/shop-window:1.2.3" }, res: resource("shop", {}), want: false },
  ])("$heading: $req for $res: $want", ({ heading, req, res, want }) => {
    const [receiver] = ofKind(objectsIn(sectionOf(heading)), "Receiver");
    expect(receiver === undefined ? "no Receiver" : judge(receiver, req, res)).toBe(want);
  });

  /** As for a request: all filters of the first resource, up to one that is false. */
  function judge(receiver: Manifest, req: JsonObject, res: JsonObject): boolean | string {
    const parsed = parseReceiver(receiver);
    if (!parsed.ok) return parsed.problem;
    const filters = compileFilters(parsed.value.spec);
    if (!filters.ok) return filters.problem;
    for (const filter of [filters.value.overall, filters.value.own[0]]) {
      const end = filter?.evaluate({ req, res });
      if (end?.kind === "failed") return end.message;
      if (end?.value === false) return false;
    }
    return true;
  }
});

describe("examples/notifications", () => {
  const files = readdirSync(new URL("../../../examples/notifications/", import.meta.url)).filter((file) => file.endsWith(".yaml"));
  const readme = readPage("examples/notifications/README.md");

  it.each(files)("%s is what the API server takes, and is listed", (file) => {
    const objects = documents(readPage(`examples/notifications/${file}`));
    expect(objects.length).toBeGreaterThan(0);
    expect(objects.flatMap(faultsOf)).toEqual([]);
    for (const receiver of ofKind(objects, "Receiver")) {
      const parsed = parseReceiver(receiver);
      expect(parsed.ok ? findSpecProblem(parsed.value.spec) : parsed.problem).toBeUndefined();
    }
    expect(readme).toContain(`(${file})`);
  });
});

describe("an example that is wrong", () => {
  const wrong = (spec: string): readonly string[] =>
    documents(`apiVersion: notification.toolkit.fluxcd.io/v1beta3\nkind: Provider\nmetadata: {name: p, namespace: n}\nspec: ${spec}`).flatMap(faultsOf);

  it.each([
    ["{type: slack, address: a}", 0],
    ["{type: slick}", 2],
    ["{type: slack, adress: a}", 1],
    ["{type: slack, commitStatusExpr: \"'x'\"}", 1],
  ])("%s has %i faults", (spec, count) => expect(wrong(spec)).toHaveLength(count));
});
