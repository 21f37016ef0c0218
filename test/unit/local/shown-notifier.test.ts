import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, seconds } from "@sluice/engine/domain/time.ts";
import type { Notification, Notifier, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { describe, expect, it } from "vitest";
import { createRehearsal } from "../../../lib/local/rehearsal.ts";
import { createShownNotifier } from "../../../lib/local/shown-notifier.ts";

const notification = (address: string, more: Partial<ProviderSettings> = {}): Notification => ({
  cluster: "sandbox",
  alert: { namespace: "apps", name: "a", uid: "u" },
  done: 0,
  event: {
    id: "1",
    involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u", resourceVersion: "1" },
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    message: "applied\nmore",
    reason: "ReconciliationSucceeded",
    reportingController: "kustomize-controller",
    reportingInstance: "kustomize-controller",
  },
  provider: {
    type: "slack",
    namespace: "apps",
    name: "chat",
    uid: "p",
    annotations: {},
    address,
    channel: "CANARY-channel",
    username: "",
    statusId: "",
    secrets: { address: secret(address) },
    timeout: seconds(15),
    ...more,
  },
});

function world(sendsAll = false) {
  const sent: string[] = [];
  const told: string[] = [];
  const logged: string[] = [];
  const real: Notifier = {
    send: async ({ provider }) => {
      sent.push(provider.address);
      return { kind: "sent" };
    },
  };
  const note = (message: string, fields: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const rehearse = createRehearsal({ now: () => epochMs(0), random: (bytes) => new Uint8Array(bytes), hostname: "h" });
  const notifier = createShownNotifier(real, { sendsAll, rehearse, story: { message: (text) => void told.push(text) }, log: { info: note, error: note } });
  return {
    sent,
    told,
    logged,
    send: (address: string, more?: Partial<ProviderSettings>) => notifier.send(notification(address, more), new AbortController().signal),
  };
}

describe("notifications on a laptop", () => {
  it.each([
    "http://127.0.0.1:8080/hook",
    "http://localhost/x",
    "https://[::1]:1/",
    "http://127.9.9.9/",
    "http://web.localhost/",
  ])("are sent to %s", async (address) => {
    const { send, sent, told } = world();
    expect(await send(address)).toEqual({ kind: "sent" });
    expect(sent).toEqual([address]);
    expect(told).toEqual(["chat: Kustomization/web ReconciliationSucceeded"]);
  });

  it.each<[string, string, Partial<ProviderSettings>?]>([
    ["https://hooks.slack.com/services/CANARY", "slack at hooks.slack.com is not on this machine"],
    ["https://localhost.example.com/", "slack at localhost.example.com is not on this machine"],
    ["http://10.0.0.1/", "slack at 10.0.0.1 is not on this machine"],
    ["http://127.0.0.1.nip.io/", "slack at 127.0.0.1.nip.io is not on this machine"],
    ["nats://10.0.0.1:4222", "nats at 10.0.0.1:4222 is not on this machine", { type: "nats" }],
    ["arn:aws:sns:eu-central-1:111122223333:x", "sns is not on this machine", { type: "sns", channel: "" }],
  ])("are shown and not sent to %j", async (address, why, more) => {
    const { send, sent, told } = world();
    expect(await send(address, more)).toEqual({ kind: "dropped", why: "shown instead of sent" });
    await send(address, more);
    expect(sent).toEqual([]);
    expect(told).toEqual([
      `chat would get: Kustomization/web ReconciliationSucceeded (${why}: --send-notifications sends)`,
      "chat would get: Kustomization/web ReconciliationSucceeded",
    ]);
  });

  it.each<[string, Partial<ProviderSettings>, Awaited<ReturnType<Notifier["send"]>>]>([
    ["", { type: "slack" }, { kind: "misconfigured", message: "invalid Slack hook URL : 'parse \"\": empty url'" }],
    ["not-an-arn", { type: "sns" }, { kind: "misconfigured", message: "address: expected the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>" }],
    [
      "https://github.com/acme/fleet",
      { type: "github", secrets: {} },
      { kind: "misconfigured", message: "github token or github app details must be specified" },
    ],
  ])("whose Provider is not right are not said to leave: %j", async (address, provider, answer) => {
    const { send, told, logged } = world();
    expect(await send(address, provider)).toEqual(answer);
    expect([...told, ...logged]).toEqual([]);
  });

  it("are sent anywhere when that is wanted, and told of", async () => {
    const { send, sent, told } = world(true);
    expect(await send("https://hooks.slack.com/services/CANARY")).toEqual({ kind: "sent" });
    expect(sent).toEqual(["https://hooks.slack.com/services/CANARY"]);
    expect(told).toEqual(["chat: Kustomization/web ReconciliationSucceeded"]);
  });

  it("show no key: neither that in an address nor a channel, which PagerDuty takes for one", async () => {
    const { send, told, logged } = world();
    await send("https://user:CANARY@hooks.slack.com/services/CANARY?token=CANARY");
    expect([...told, ...logged].join()).not.toContain("CANARY");
    expect(logged).toHaveLength(1);
  });
});
