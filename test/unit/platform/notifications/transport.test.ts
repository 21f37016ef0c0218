import { isOneOf, PROVIDER_TYPES } from "@sluice/engine/domain/provider-type.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { HttpRequest } from "@sluice/platform/http/exchange.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { describe, expect, it } from "vitest";
import { readTransport } from "../../../support/notifications/recording.ts";
import { sampleNotification } from "../../../support/notifications/samples.ts";

/** The requests that a notification of that type begins with; each is answered as if it were fine. */
async function requestsOf(type: string): Promise<readonly HttpRequest[]> {
  if (!isOneOf(PROVIDER_TYPES, type)) throw new Error(`no such type: ${type}`);
  const requests: HttpRequest[] = [];
  const nobody = (): never => {
    throw new Error("nobody is asked but by HTTP");
  };
  const notifier = createNotifier({
    http: {
      send: async (request) => {
        requests.push(request);
        const headers = { "content-type": "application/json" };
        return { kind: "answered", status: 200, headers, body: Buffer.from('{"ok":true,"login":"ada","username":"ada"}'), url: request.url };
      },
    },
    dial: nobody,
    aws: nobody,
    now: () => epochMs(Date.UTC(2026, 0, 2)),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "host",
  });
  const { provider, ...notification } = sampleNotification(type, "https://provider.example");
  const own = { headers: secret("X-Team: blue\n") };
  const given = { ...provider, secrets: { ...provider.secrets, ...own }, tls: { ca: "PEM" }, proxy: { address: "http://proxy.example:3128" } };
  await notifier.send({ ...notification, provider: given }, new AbortController().signal);
  return requests;
}

/** Source: providers/transport.yaml; credentials of a proxy go with it. */
describe("which of a Provider's Secrets each type heeds", () => {
  const { types } = readTransport();

  it("is recorded for all that speak HTTP as Flux does", () => {
    const others = ["nats", "googlepubsub", "azureeventhub", "sns", "eventbridge", "sqs"];
    expect(PROVIDER_TYPES.filter((type) => types[type] === undefined).toSorted()).toEqual(others.toSorted());
  });

  it.each(Object.entries(types))("%s", async (type, { certSecretRef, proxySecretRef, headersOfTheSecret }) => {
    const requests = await requestsOf(type);
    expect(requests.length).toBeGreaterThan(0);
    for (const { tls, proxy, headers = {} } of requests) {
      if (certSecretRef !== "not recorded") expect(tls === undefined ? "ignored" : "used").toBe(certSecretRef);
      expect(proxy === undefined ? "ignored" : "used").toBe(proxySecretRef);
      expect(Object.keys(headers).some((name) => name.toLowerCase() === "x-team") ? "sent" : "not sent").toBe(headersOfTheSecret);
    }
  });
});
