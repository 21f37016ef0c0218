import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs, seconds } from "@sluice/engine/domain/time.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { createDial } from "@sluice/platform/http/dial.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import type { SenderWorld } from "@sluice/platform/notifications/sender.ts";

type Changes = {
  readonly provider?: Partial<Omit<ProviderSettings, "secrets">> & Pick<ProviderSettings, "type">;
  readonly secrets?: { readonly [key: string]: string };
  readonly event?: Partial<Notification["event"]>;
  readonly done?: number;
};

const EVENT: Notification["event"] = {
  id: "event-1",
  involvedObject: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    namespace: "apps",
    name: "backend",
    uid: "a1b2c3d4-0000-4000-8000-000000000001",
    resourceVersion: "4711",
  },
  severity: "error",
  timestamp: "2026-01-02T03:04:05Z",
  message: "health check failed",
  reason: "HealthCheckFailed",
  metadata: { revision: "main@sha1:a1b2" },
  reportingController: "kustomize-controller",
  reportingInstance: "sluice",
};

/** A failed health check on its way to a Provider. */
export function aNotification({ provider = { type: "generic" }, secrets = {}, event = {}, done = 0 }: Changes): Notification {
  return {
    cluster: "prod",
    event: { ...EVENT, ...event },
    alert: { namespace: "notify", name: "alert", uid: "alert-uid" },
    provider: {
      namespace: "notify",
      name: "provider",
      uid: "provider-uid",
      annotations: {},
      address: "",
      channel: "",
      username: "",
      statusId: "kustomization/backend/provider",
      timeout: seconds(15),
      ...provider,
      secrets: Object.fromEntries(Object.entries(secrets).map(([key, value]) => [key, secret(value)])),
    },
    done,
  };
}

export const NOW = epochMs(Date.UTC(2026, 0, 2, 3, 4, 6));

/** Real connections, to anywhere; AWS only where a test gives one. */
export const worldOf = (changes: Partial<SenderWorld> = {}): SenderWorld => ({
  http: createHttp(),
  dial: createDial(),
  aws: () => {
    throw new Error("this test has no AWS");
  },
  now: () => NOW,
  random: (bytes) => new Uint8Array(bytes),
  hostname: "host-1",
  signal: new AbortController().signal,
  ...changes,
});
