import { readdirSync } from "node:fs";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { describe, expect, it } from "vitest";
import { notified, type RecordedEvent, type RecordedWarning, readRecorded, warningLine } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf, START, secretOf } from "../../../../support/notify/world.ts";

type Recorded = {
  readonly given: {
    readonly provider: JsonObject;
    readonly secrets?: { readonly [name: string]: { readonly [key: string]: string } };
    readonly alert: { readonly name: string; readonly namespace: string; readonly spec: JsonObject & { readonly providerRef: { readonly name: string } } };
    readonly event: RecordedEvent;
  };
  readonly sent: readonly unknown[];
  readonly alertEvents?: readonly RecordedWarning[];
};

const all = readdirSync(new URL("../../../../conformance/notifications/providers", import.meta.url))
  .map((file) => file.replace(".yaml", ""))
  .filter((name) => name !== "transport")
  .map((name) => ({ name, recorded: readRecorded<Recorded>(`providers/${name}.yaml`) }));

const ADDRESS = "http://127.0.0.1:9";
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\$\{ADDRESS\}/g, ADDRESS],
  [/\$\{PROXY\}/g, "http://127.0.0.1:8"],
  [/\$\{CA_OF_ADDRESS\}/g, "-----BEGIN CERTIFICATE-----"],
];
const there = (text: string): string => PLACEHOLDERS.reduce((filled, [placeholder, value]) => filled.replace(placeholder, value), text);

const nobody = (): never => {
  throw new Error("somebody was called");
};

function worldOf({ given: { provider, secrets = {}, alert } }: Recorded, answer?: Parameters<typeof createWorld>[0]) {
  const { namespace } = alert;
  const spec: JsonObject = JSON.parse(there(JSON.stringify(provider)));
  const objects = [
    alertOf(alert),
    providerOf(alert.spec.providerRef.name, namespace, spec),
    ...Object.entries(secrets).map(([name, texts]) =>
      secretOf(name, namespace, Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, there(String(text))]))),
    ),
  ];
  return createWorld({ ...answer, objects });
}

describe("what is found out before anything is sent", () => {
  // A certificate that nobody trusts is seen by the sender.
  const quiet = all.filter(({ recorded }) => recorded.sent.length === 0 && !recorded.alertEvents?.some(({ message }) => message.includes("tls: ")));
  const notifier = createNotifier({
    http: { send: nobody },
    dial: nobody,
    aws: nobody,
    now: () => epochMs(START),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "h",
  });

  it("is a good part of the recordings", () => expect(quiet.length).toBeGreaterThan(40));

  it.each(quiet)("$name", async ({ recorded }) => {
    const world = worldOf(recorded, { answer: notifier.send });
    await world.notifications().dispatch(notified("e", recorded.given.event));
    await world.drain();
    expect(world.warnings()).toEqual((recorded.alertEvents ?? []).map(warningLine).map(there));
    expect(world.log.join("\n")).not.toContain("broke off");
  });
});

describe("what is sent goes to its provider", () => {
  const sending = all.filter(({ recorded }) => recorded.sent.length > 0);

  it.each(sending)("$name", async ({ recorded }) => {
    const world = worldOf(recorded);
    await world.notifications().dispatch(notified("e", recorded.given.event));
    await world.drain();
    expect(world.sent.map(({ notification: { provider } }) => provider.type)).toEqual([recorded.given.provider.type]);
    expect(world.warnings()).toEqual([]);
  });
});

describe("what nobody answers is tried again, as recorded", () => {
  const rows = ["generic-answer-500-always", "generic-answer-500-default-timeout", "generic-timeout"].map((name) => ({
    name,
    recorded: readRecorded<Recorded & { readonly sent: readonly { readonly repeatedAfterSeconds: readonly number[] }[] }>(`providers/${name}.yaml`),
  }));

  it.each(rows)("$name", async ({ recorded }) => {
    const world = worldOf(recorded, {
      answer: ({ provider, done }) => ({
        kind: "unavailable",
        prefix: "postMessage failed: failed to execute request: ",
        request: `POST ${provider.address}`,
        why: "status 500",
        done,
      }),
    });
    await world.notifications().dispatch(notified("e", recorded.given.event));
    await world.drain();
    const [{ repeatedAfterSeconds } = { repeatedAfterSeconds: [] }] = recorded.sent;
    const fluxs = [0, ...repeatedAfterSeconds];
    const seconds = world.sent.map(({ at }) => at / 1000);
    expect(seconds.slice(0, fluxs.length)).toEqual(fluxs);
    // What Flux does not do: it is tried on, quietly.
    expect(seconds.slice(fluxs.length).map((at, index) => at - (seconds[fluxs.length + index - 1] ?? 0))).toEqual([60, 300, 900]);
    expect(world.told.map(warningLine)).toEqual((recorded.alertEvents ?? []).map(warningLine).map(there));
    expect(world.log.filter((line) => line.includes("delivery given up"))).toHaveLength(1);
  });
});
