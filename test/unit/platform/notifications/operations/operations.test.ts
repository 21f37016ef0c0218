import { secret } from "@sluice/engine/domain/secret.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { sendToAlertmanager } from "@sluice/platform/notifications/operations/alertmanager.ts";
import { sendToDatadog } from "@sluice/platform/notifications/operations/datadog.ts";
import { sendToGrafana } from "@sluice/platform/notifications/operations/grafana.ts";
import { sendToOpsgenie } from "@sluice/platform/notifications/operations/opsgenie.ts";
import { sendToPagerDuty } from "@sluice/platform/notifications/operations/pagerduty.ts";
import type { Sender } from "@sluice/platform/notifications/sender.ts";
import { describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";

/** What the recordings do not show of pagerduty, opsgenie, grafana, alertmanager and datadog. */

const SENDERS = {
  pagerduty: sendToPagerDuty,
  opsgenie: sendToOpsgenie,
  grafana: sendToGrafana,
  alertmanager: sendToAlertmanager,
  datadog: sendToDatadog,
} as const satisfies { readonly [type: string]: Sender };
type Type = keyof typeof SENDERS;

type Given = Pick<Parameters<typeof aNotification>[0], "secrets" | "event"> & { readonly address?: string };
async function sent(type: Type, { address = "https://there.example/path", secrets = { token: "t-1" }, event = {} }: Given = {}, status = 200) {
  const requests: HttpRequest[] = [];
  const tls = { ca: "a CA", key: secret("k") };
  const proxy = { address: "http://proxy" };
  const send = async (request: HttpRequest) => {
    requests.push(request);
    return { kind: "answered", status, headers: {}, body: Buffer.from("no"), url: request.url } as const;
  };
  const answer = await SENDERS[type](aNotification({ provider: { type, address, channel: "c", tls, proxy }, secrets, event }), worldOf({ http: { send } }));
  return { answer, requests, body: JSON.parse(Buffer.from(requests[0]?.body ?? Buffer.from("null")).toString()) };
}

describe.each(Object.keys(SENDERS) as Type[])("%s", (type) => {
  it("heeds certSecretRef and proxySecretRef", async () => {
    const { requests } = await sent(type);
    expect(requests).toMatchObject([{ tls: { ca: "a CA" }, proxy: { address: "http://proxy" } }]);
  });

  it("sends no headers of the Secret", async () => {
    const { requests } = await sent(type, { secrets: { token: "t-1", headers: "X-Team: blue" } });
    expect(requests).toHaveLength(1);
    expect(Object.keys(requests[0]?.headers ?? {}).filter((name) => /team/i.test(name))).toEqual([]);
  });

  it("is refused in the other side's words", async () => {
    const { answer } = await sent(type, {}, 403);
    expect(answer).toEqual({ kind: "refused", message: expect.stringMatching(/postMessage failed: request failed: request failed with status code 403: no$/) });
  });
});

describe("addresses", () => {
  it.each<{ type: Type; address: string; want: string }>([
    { type: "pagerduty", address: "", want: `invalid PagerDuty endpoint URL "": 'parse "": empty url'` },
    {
      type: "pagerduty",
      address: "events.pagerduty.com",
      want: `invalid PagerDuty endpoint URL "events.pagerduty.com": 'parse "events.pagerduty.com": invalid URI for request'`,
    },
    { type: "opsgenie", address: "x", want: `invalid Opsgenie hook URL x: 'parse "x": invalid URI for request'` },
    { type: "grafana", address: "", want: "invalid Grafana URL " },
    { type: "alertmanager", address: "", want: `invalid Alertmanager URL : 'parse "": empty url'` },
    { type: "datadog", address: "api.datadoghq.eu", want: 'failed to parse address "api.datadoghq.eu": expected one such as https://api.datadoghq.eu' },
  ])("$type with $address is misconfigured", async ({ type, address, want }) => {
    const { answer, requests } = await sent(type, { address });
    expect(answer).toEqual({ kind: "misconfigured", message: want });
    expect(requests).toEqual([]);
  });
});

describe.each([
  { type: "grafana", both: "Bearer t-1" },
  { type: "alertmanager", both: "Basic YWRhOnB3" },
] as const)("$type", ({ type, both }) => {
  it.each<{ secrets: { readonly [key: string]: string }; want: string | undefined }>([
    { secrets: {}, want: undefined },
    { secrets: { token: "t-1" }, want: "Bearer t-1" },
    { secrets: { username: "ada", password: "pw" }, want: "Basic YWRhOnB3" },
    { secrets: { username: "ada", password: "pw", token: "t-1" }, want: both },
    { secrets: { username: "ada", token: "t-1" }, want: "Bearer t-1" },
    { secrets: { username: "ada" }, want: undefined },
  ])("is asked as $want with $secrets", async ({ secrets, want }) => {
    const { requests } = await sent(type, { secrets });
    expect(requests[0]?.authorization).toBe(want);
  });
});

describe("bodies", () => {
  it("alertmanager has a summary as an annotation, not as a label, and labels of its own win", async () => {
    const { body } = await sent("alertmanager", { event: { metadata: { summary: "Shop", severity: "mine", name: "mine", team: "blue" } } });
    expect(body[0].annotations).toEqual({ message: "health check failed", summary: "Shop" });
    expect(body[0].labels).toEqual({
      alertname: "FluxKustomizationHealthcheckfailed",
      kind: "Kustomization",
      name: "backend",
      namespace: "apps",
      reason: "HealthCheckFailed",
      reportingcontroller: "kustomize-controller",
      severity: "error",
      team: "blue",
    });
  });

  it("grafana takes no colon within a tag's key or value", async () => {
    const { body } = await sent("grafana", { event: { metadata: { "a:b:c": "d:e:f", z: "1" } } });
    expect(body.tags).toEqual(["flux", "kustomize-controller", "a|b|c: d|e|f", "z: 1", "kind: Kustomization", "name: backend", "namespace: apps"]);
  });

  it("opsgenie's details have the severity, whatever the metadata says", async () => {
    const { body } = await sent("opsgenie", { event: { metadata: { severity: "mine" } } });
    expect(body.details).toEqual({ severity: "error" });
  });

  it("datadog's tags are in small letters, the text is not", async () => {
    const { body } = await sent("datadog", { event: { metadata: { Team: "BLUE" }, message: "It FAILED" } });
    expect(body.tags.at(-1)).toBe("team:blue");
    expect(body.text).toBe("It FAILED");
  });
});
