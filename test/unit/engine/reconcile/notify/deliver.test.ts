import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf, START, secretOf, type WorldOptions } from "../../../../support/notify/world.ts";

const EVENT: NotifiedEvent = notified("e1", {
  involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
  severity: "error",
  timestamp: "2026-01-02T03:04:05Z",
  reason: "BuildFailed",
  message: "no such file",
  reportingController: "kustomize-controller",
  metadata: { revision: "main@sha1:aa" },
});
const DELIVERY: Delivery = {
  cluster: "test",
  event: EVENT,
  target: { kind: "provider", alert: { namespace: "apps", name: "a", uid: "uid-of-a" }, provider: "p" },
  attempt: 0,
  done: 0,
};
const ALERT = alertOf({ name: "a", namespace: "apps", spec: { eventSources: [] } });
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----";
const KEY = "-----BEGIN PRIVATE KEY-----\ncanary-key\n-----END PRIVATE KEY-----";

type Secrets = { readonly [name: string]: { readonly [key: string]: string } };

function worldWith(spec: JsonObject, secrets: Secrets = {}, options: Omit<WorldOptions, "objects"> = {}) {
  const objects = [ALERT, providerOf("p", "apps", spec), ...Object.entries(secrets).map(([name, texts]) => secretOf(name, "apps", texts))];
  return createWorld({ ...options, objects });
}

/** What the sender is given, with its secrets revealed. */
async function given(spec: JsonObject, secrets?: Secrets) {
  const world = worldWith(spec, secrets);
  await world.notifications().deliver(DELIVERY);
  const provider = world.sent[0]?.notification.provider;
  expect(world.told).toEqual([]);
  return revealed(provider);
}

const revealed = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if ("reveal" in value && typeof value.reveal === "function") return value.reveal();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
};

describe("what a sender is given", () => {
  it("of the Provider alone", async () =>
    expect(await given({ type: "slack", address: "https://hooks.test/x", channel: "#c", username: "flux", timeout: "3s" })).toEqual({
      type: "slack",
      namespace: "apps",
      name: "p",
      uid: "0a1b2c3d-0000-4000-8000-00000000000f",
      annotations: {},
      address: "https://hooks.test/x",
      channel: "#c",
      username: "flux",
      statusId: "kustomization/web/0a1b2c3d",
      secrets: {},
      timeout: 3000,
    }));

  it.each<{ what: string; spec: JsonObject; secrets: Secrets; want: object }>([
    {
      what: "the Secret's address",
      spec: { address: "x", secretRef: { name: "s" } },
      secrets: { s: { address: " https://a.test/y\n" } },
      want: { address: "https://a.test/y" },
    },
    { what: "all keys", spec: { secretRef: { name: "s" } }, secrets: { s: { token: "t1", creds: "c" } }, want: { secrets: { token: "t1", creds: "c" } } },
    {
      what: "the name to sign in with",
      spec: { username: "bot", secretRef: { name: "s" } },
      secrets: { s: { username: "u", password: "p" } },
      want: { username: "u" },
    },
    {
      what: "its own name without a password",
      spec: { username: "bot", secretRef: { name: "s" } },
      secrets: { s: { username: "u" } },
      want: { username: "bot" },
    },
    { what: "a CA", spec: { certSecretRef: { name: "c" } }, secrets: { c: { "ca.crt": CERTIFICATE } }, want: { tls: { ca: CERTIFICATE } } },
    { what: "a CA by its old name", spec: { certSecretRef: { name: "c" } }, secrets: { c: { caFile: CERTIFICATE } }, want: { tls: { ca: CERTIFICATE } } },
    {
      what: "a client's certificate",
      spec: { certSecretRef: { name: "c" } },
      secrets: { c: { "tls.crt": CERTIFICATE, "tls.key": KEY } },
      want: { tls: { certificate: CERTIFICATE, key: KEY } },
    },
    {
      what: "a CA of a git type's own Secret",
      spec: { type: "github", secretRef: { name: "s" } },
      secrets: { s: { token: "t", "ca.crt": CERTIFICATE } },
      want: { tls: { ca: CERTIFICATE } },
    },
    {
      what: "a proxy",
      spec: { proxySecretRef: { name: "x" } },
      secrets: { x: { address: "http://proxy.test:8", username: "u", password: "p" } },
      want: { proxy: { address: "http://proxy.test:8", username: "u", password: "p" } },
    },
    {
      what: "the spec's proxy",
      spec: { proxy: "http://u:p%40%C3%A4@proxy.test:8" },
      secrets: {},
      want: { proxy: { address: "http://proxy.test:8/", username: "u", password: "p@ä" } },
    },
    {
      what: "the Secret's proxy",
      spec: { proxy: "http://a.test", secretRef: { name: "s" } },
      secrets: { s: { proxy: "http://b.test" } },
      want: { proxy: { address: "http://b.test" } },
    },
  ])("$what", async ({ spec, secrets, want }) => expect(await given({ type: "generic", ...spec }, secrets)).toMatchObject(want));

  it("no CA of another type's Secret", async () =>
    expect(await given({ type: "slack", secretRef: { name: "s" } }, { s: { "ca.crt": CERTIFICATE } })).not.toHaveProperty("tls"));
});

const FAILED = "failed to dispatch notification for Kustomization/apps/web: ";
const INIT = `${FAILED}failed to initialize notifier for provider 'p': `;

describe("what is wrong with a Provider is said once, on the Alert", () => {
  it.each<{ what: string; spec: JsonObject; secrets?: Secrets; want: string }>([
    { what: "no such Secret", spec: { type: "generic", secretRef: { name: "s" } }, want: `${INIT}failed to get secret 'apps/s': secrets "s" not found` },
    {
      what: "no such certificates",
      spec: { type: "generic", certSecretRef: { name: "s" } },
      want: `${INIT}failed to get secret 'apps/s': secrets "s" not found`,
    },
    {
      what: "a certificate without a key",
      spec: { type: "generic", certSecretRef: { name: "s" } },
      secrets: { s: { "tls.crt": CERTIFICATE } },
      want: `${INIT}failed to get TLS config: secret 'apps/s' contains 'tls.crt' but missing 'tls.key'`,
    },
    {
      what: "a CA that is none",
      spec: { type: "generic", certSecretRef: { name: "s" } },
      secrets: { s: { "ca.crt": "x" } },
      want: `${INIT}failed to get TLS config: failed to parse CA certificate`,
    },
    {
      what: "a proxy of another sort",
      spec: { type: "generic", proxySecretRef: { name: "s" } },
      secrets: { s: { address: "ftp://x" } },
      want: `${INIT}failed to get proxy URL: secret 'apps/s': proxy URL must use one of the supported schemes (http, https, socks5), got 'ftp'`,
    },
    {
      what: "an address too long",
      spec: { type: "generic", secretRef: { name: "s" } },
      secrets: { s: { address: `http://${"x".repeat(2048)}` } },
      want: `${INIT}invalid address in secret: address exceeds maximum length of 2048 bytes`,
    },
    { what: "an unknown type", spec: { type: "zoom" }, want: `${INIT}failed to initialize notifier: provider zoom not supported` },
    { what: "no spec at all", spec: {}, want: `${INIT}failed to initialize notifier: provider  not supported` },
  ])("$what", async ({ spec, secrets, want }) => {
    const world = worldWith(spec, secrets);
    expect(await world.notifications().deliver(DELIVERY)).toEqual({ kind: "failed", message: want });
    expect(await world.notifications().deliver(DELIVERY)).toEqual({ kind: "suppressed" });
    expect(world.told).toMatchObject([
      { type: "Warning", reason: "NotificationDispatchFailed", message: want, object: { kind: "Alert", name: "a", uid: "uid-of-a" } },
    ]);
    expect(world.sent).toEqual([]);
  });

  it("a Provider that is gone", async () => {
    const world = createWorld({ objects: [ALERT] });
    await world.notifications().deliver(DELIVERY);
    expect(world.warnings()).toEqual([
      `Warning NotificationDispatchFailed ${FAILED}failed to read provider: Provider.notification.toolkit.fluxcd.io "p" not found`,
    ]);
  });

  it.each([
    {
      what: "suspended",
      alerts: [alertOf({ name: "a", namespace: "apps", spec: { eventSources: [], suspend: true } })],
      want: ["dropped the Alert is suspended"],
    },
    { what: "gone", alerts: [], want: ["dropped the Alert is gone"] },
    { what: "another of the same name", alerts: [{ ...ALERT, metadata: { ...ALERT.metadata, uid: "new" } }], want: ["delivered"] },
  ])("what waits is for an Alert that is $what by now", async ({ alerts, want }) => {
    const objects = [ALERT, providerOf("p", "apps", { type: "generic" })];
    let answers = 0;
    const world = createWorld({ objects, answer: () => (++answers === 1 ? UNAVAILABLE : { kind: "sent" }) });
    expect((await world.notifications().deliver(DELIVERY)).kind).toBe("again");
    world.live.splice(world.live.indexOf(ALERT), 1, ...alerts);
    const ends = await world.drain();
    expect(ends.map((end) => (end.kind === "dropped" ? `dropped ${end.why}` : end.kind))).toEqual(want);
  });

  it("nothing of one that is suspended by now", async () => {
    const world = worldWith({ type: "generic", suspend: true });
    expect(await world.notifications().deliver(DELIVERY)).toEqual({ kind: "dropped", why: "the provider is suspended" });
    expect(world.told).toEqual([]);
  });
});

const CANARY = "c4n4ry-0f-the-coal-mine";
const UNAVAILABLE = {
  kind: "unavailable",
  prefix: `failed with ${CANARY}: `,
  request: `POST https://hooks.test/${CANARY}/x`,
  why: `status 500: ${CANARY}`,
  problem: CANARY,
  done: 0,
} as const;

describe("no text shows what a Secret holds", () => {
  const spec = { type: "generic", address: "https://hooks.test/y", secretRef: { name: "s" }, certSecretRef: { name: "c" }, proxySecretRef: { name: "x" } };
  const secrets = {
    s: { token: CANARY, address: `https://hooks.test/${CANARY}/x` },
    c: { "tls.crt": CERTIFICATE, "tls.key": KEY },
    x: { address: "http://p.test", username: "u", password: CANARY },
  };
  const rows: readonly { readonly what: string; readonly answer: () => NotifierAnswer }[] = [
    { what: "sent", answer: () => ({ kind: "sent" }) },
    { what: "dropped", answer: () => ({ kind: "dropped", why: CANARY }) },
    { what: "misconfigured", answer: () => ({ kind: "misconfigured", message: `bad ${CANARY}` }) },
    { what: "refused", answer: () => ({ kind: "refused", message: `Bearer ${CANARY} and ${btoa(CANARY)} and canary-key` }) },
    { what: "unavailable", answer: () => UNAVAILABLE },
    {
      what: "a sender that throws",
      answer: () => {
        throw new TypeError(`Invalid URL: https://hooks.test/${CANARY}/x`);
      },
    },
  ];

  it.each(rows)("$what", async ({ answer }) => {
    const world = worldWith(spec, secrets, { answer });
    world.queue.push({ delivery: DELIVERY, notBefore: START });
    const ends = await world.drain();
    expect(ends.length).toBeGreaterThan(0);
    const shown = JSON.stringify([ends, world.told, world.log, world.written]);
    expect(world.sent.length).toBeGreaterThan(0);
    for (const text of [CANARY, btoa(CANARY), "canary-key"]) expect(shown).not.toContain(text);
  });
});

it("nor what is said of a Secret that is wrong", async () => {
  const world = worldWith({ type: "generic", proxySecretRef: { name: "s" } }, { s: { address: "c4n4ryc4n4ry:x" } });
  await world.notifications().deliver(DELIVERY);
  expect(world.warnings().join()).toContain("must use one of the supported schemes (http, https, socks5), got '*****'");
  expect(JSON.stringify([world.told, world.log, world.written])).not.toContain("c4n4ryc4n4ry");
});

describe("a sender that throws", () => {
  it("is tried again, and costs nobody else anything", async () => {
    let attempts = 0;
    const world = worldWith(
      { type: "generic" },
      {},
      {
        answer: () => {
          if (++attempts < 3) throw new TypeError("a bug");
          return { kind: "sent" };
        },
      },
    );
    world.queue.push({ delivery: DELIVERY, notBefore: START });
    await world.drain();
    expect(world.sent.map(({ at }) => at / 1000)).toEqual([0, 2, 6]);
    expect(world.log.filter((line) => line.includes("a sender broke off"))).toHaveLength(2);
    expect(world.log.at(-1)).toContain('"delivered"');
  });
});

describe("what comes late", () => {
  it("is delivered, and logged as late", async () => {
    const world = worldWith({ type: "generic" }, {}, { answer: () => (world.now() < 60_000 ? UNAVAILABLE : { kind: "sent" }) });
    expect(await world.notifications().deliver({ ...DELIVERY, attempt: 3, since: epochMs(START - 14_000) })).toMatchObject({ kind: "again", failed: true });
    world.wait(60_000);
    const [next] = world.queue;
    expect(await world.notifications().deliver(next?.delivery ?? DELIVERY)).toEqual({ kind: "delivered", attempts: 6, late: true });
    expect(world.log.at(-1)).toContain("delivered late");
    expect(world.told).toHaveLength(1);
  });

  it("is not tried for ever", async () => {
    const world = worldWith({ type: "generic" });
    expect(await world.notifications().deliver({ ...DELIVERY, since: epochMs(START - 3 * 3_600_000) })).toMatchObject({ kind: "given-up" });
    expect(world.sent).toEqual([]);
  });

  it("is put off while another makes the attempt", async () => {
    const world = worldWith({ type: "generic" });
    let free = (): void => undefined;
    const held = new Promise<void>((done) => {
      free = done;
    });
    const slow = worldOfSameNotes(world, held);
    const first = slow.deliver(DELIVERY);
    await Promise.resolve();
    await new Promise((done) => setImmediate(done));
    world.wait(1_000);
    const again = await world.notifications().deliver(DELIVERY);
    expect(again).toMatchObject({ kind: "again", failed: false, next: { attempt: 0, since: START }, notBefore: START + 90_000 });
    expect(world.queue).toMatchObject([{ delivery: { since: START }, notBefore: START + 90_000 }]);
    free();
    expect(await first).toMatchObject({ kind: "delivered" });
    world.wait(120_000);
    expect(await world.notifications().deliver(DELIVERY)).toEqual({ kind: "suppressed" });
    expect(world.sent).toHaveLength(1);
  });
});

/** Notifications of the same world whose sender waits. */
function worldOfSameNotes(world: ReturnType<typeof worldWith>, held: Promise<void>) {
  return world.notifications({
    lines: [],
    made: () => 0,
    run: async (line, effect) => {
      if (line.startsWith("send to")) await held;
      return effect();
    },
  });
}

describe("the built-in channels", () => {
  const to = (name: "slack" | "amazon-q"): Delivery => ({ ...DELIVERY, target: { kind: "channel", name } });
  const channels = {
    slack: { address: async () => secret(`https://hooks.test/${CANARY}/x\n`) },
    amazonQ: { topicArn: "arn:aws:sns:eu-central-1:1:q", wants: "all" },
  } as const;

  it("slack is sent to as a Provider of that type", async () => {
    const world = createWorld({ channels });
    await world.notifications().deliver(to("slack"));
    expect(world.sent[0]?.notification.provider).toMatchObject({ type: "slack", address: `https://hooks.test/${CANARY}/x` });
  });

  it("Amazon Q is sent to by SNS, in its own form", async () => {
    const world = createWorld({ channels });
    await world.notifications().deliver(to("amazon-q"));
    expect(world.sent[0]?.notification.provider).toMatchObject({ type: "sns", address: "arn:aws:sns:eu-central-1:1:q", channel: "amazon-q" });
  });

  it("failures are logged without the address, and told to no Alert", async () => {
    const world = createWorld({ channels, answer: () => ({ kind: "refused", message: `POST https://hooks.test/${CANARY}/x: no` }) });
    expect(await world.notifications().deliver(to("slack"))).toMatchObject({ kind: "failed" });
    expect(world.told).toEqual([]);
    expect(world.log.join("\n")).not.toContain(CANARY);
    expect(world.log.join("\n")).toContain("POST *****: no");
  });

  it("one that is not configured any more takes nothing", async () =>
    expect(await createWorld().notifications().deliver(to("slack"))).toMatchObject({ kind: "dropped" }));
});
