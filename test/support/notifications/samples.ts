import { generateKeyPairSync } from "node:crypto";
import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { aNotification } from "./notification.ts";

/** A Provider of one type that is right, with a credential of every kind that the type knows. */
export type Sample = {
  /** `origin` is `https://host:port`; types whose host is built in do not heed it. */
  readonly address: (origin: string) => string;
  readonly channel?: string;
  readonly secrets?: { readonly [key: string]: string };
  /** The host is no matter of the Provider. */
  readonly builtIn?: true;
};

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const hook = { address: (origin: string) => `${origin}/hook/canary-of-path` };
const token = { token: "canary-of-token" };
/** Of a length by which the password does not stand in base64 as it would alone. */
const user = { username: "canary-of-user1", password: "canary-of-password" };
const hostOf = (origin: string): string => origin.replace(/^\w+:\/\//, "");
const headers = { headers: "X-Team: canary-of-header\n" };
const account = JSON.stringify({ type: "service_account", client_email: "flux@team.iam.gserviceaccount.com", private_key: privateKey });

export const SAMPLES: { readonly [Type in ProviderType]: Sample } = {
  slack: { ...hook, secrets: token },
  discord: hook,
  msteams: hook,
  rocket: hook,
  generic: { ...hook, secrets: headers },
  "generic-hmac": { ...hook, secrets: { ...token, ...headers } },
  github: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  gitlab: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  gitea: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  giteapullrequestcomment: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  bitbucketserver: { address: (origin) => `${origin}/scm/acme/shop.git`, secrets: user },
  bitbucket: { address: () => "https://bitbucket.org/acme/shop", secrets: { token: "ada:canary-of-token" }, builtIn: true },
  azuredevops: { address: (origin) => `${origin}/org/project/_git/shop`, secrets: token },
  googlechat: hook,
  googlepubsub: { address: () => "project", channel: "topic", secrets: { token: account, ...headers }, builtIn: true },
  webex: { ...hook, channel: "room", secrets: token },
  sentry: { address: (origin) => `${origin.replace("//", "//canary-of-key@")}/17` },
  azureeventhub: {
    address: (origin) => `Endpoint=sb://${hostOf(origin)}/;SharedAccessKeyName=all;SharedAccessKey=canary-of-key;EntityPath=hub`,
  },
  telegram: { address: () => "", channel: "-1001", secrets: { token: "110:canary-of-token" }, builtIn: true },
  lark: hook,
  matrix: { address: (origin) => origin, channel: "!room:example.org", secrets: token },
  opsgenie: { ...hook, secrets: token },
  alertmanager: { ...hook, secrets: user },
  grafana: { ...hook, secrets: token },
  githubdispatch: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  githubpullrequestcomment: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  gitlabmergerequestcomment: { address: (origin) => `${origin}/acme/shop`, secrets: token },
  pagerduty: { ...hook, channel: "routing-key" },
  datadog: { address: (origin) => origin, secrets: token },
  nats: { address: (origin) => `nats://${hostOf(origin)}`, channel: "flux.events", secrets: user },
  zulip: { address: (origin) => origin, channel: "stream/topic", secrets: user },
  otel: { address: (origin) => `${origin}/v1/traces`, secrets: { ...token, ...headers } },
  sns: { address: () => "arn:aws:sns:eu-west-1:123456789012:alerts", builtIn: true },
  eventbridge: { address: () => "arn:aws:events:eu-west-1:123456789012:event-bus/alerts", builtIn: true },
  sqs: { address: () => "https://sqs.eu-west-1.amazonaws.com/123456789012/alerts", builtIn: true },
};

/** A failed health check, on its way to a Provider of that type at `origin`. */
export function sampleNotification(type: ProviderType, origin: string, more: Partial<Pick<ProviderSettings, "tls" | "proxy">> = {}): Notification {
  const { address, channel = "", secrets = {} } = SAMPLES[type];
  return aNotification({
    provider: { type, address: address(origin), channel, uid: "0a1b2c3d-0000-4000-8000-00000000000f", statusId: "kustomization/backend/0a1b2c3d", ...more },
    secrets,
    event: {
      message: "health check failed after 30s",
      metadata: { revision: "main@sha1:a1b2c3d4e5f60718293a4b5c6d7e8f9001122334", change_request: "42" },
    },
  });
}
