import type { AlertRef } from "../domain/delivery.ts";
import type { NotifiedEvent } from "../domain/notified-event.ts";
import type { ProviderType } from "../domain/provider-type.ts";
import type { Secret } from "../domain/secret.ts";
import type { Milliseconds } from "../domain/time.ts";
import type { HttpProxy, HttpTls } from "./http-options.ts";

/** Sends notifications, each in the form of its provider. One attempt: it never waits and never tries again; whoever calls it does. */
export type Notifier = { send(notification: Notification, signal: AbortSignal): Promise<NotifierAnswer> };

export type Notification = {
  /** The name of the cluster in the installation's configuration. */
  readonly cluster: string;
  readonly event: NotifiedEvent;
  readonly alert: AlertRef;
  readonly provider: ProviderSettings;
  /** Requests with an effect that earlier attempts have made already. */
  readonly done: number;
};

/** A Provider with what its Secrets hold. Source: reference 4.3. */
export type ProviderSettings = {
  readonly type: ProviderType;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly annotations: { readonly [key: string]: string };
  /** That of the Secret where there is one; `""`: none is given. It may hold a credential (`https://hooks.slack.com/services/…`). */
  readonly address: string;
  /** `""`: none is given. */
  readonly channel: string;
  readonly username: string;
  /** What `spec.commitStatusExpr` came to, or `<kind>/<name>/<first block of the provider's uid>` in small letters. */
  readonly statusId: string;
  /** The keys of the Secret that `spec.secretRef` names: `token`, `username`, `password`, `headers`, the keys of a GitHub App … */
  readonly secrets: { readonly [key: string]: Secret };
  /** Of `spec.certSecretRef`. */
  readonly tls?: HttpTls;
  /** Of `spec.proxySecretRef`, or the deprecated `proxy` of Secret or spec. */
  readonly proxy?: HttpProxy;
  /** For the whole delivery, further attempts included. */
  readonly timeout: Milliseconds;
};

export type NotifierAnswer =
  | { readonly kind: "sent" }
  /** This event is nothing for that provider; `why` is for logs. */
  | { readonly kind: "dropped"; readonly why: string }
  /** The Provider is not right: no address, no token. Another attempt would end the same. `message` is what follows `failed to initialize notifier: `. */
  | { readonly kind: "misconfigured"; readonly message: string }
  /** The other side refused, or the event cannot be sent. `message` is what follows `failed to send notification for <Kind>/<namespace>/<name>: `. */
  | { readonly kind: "refused"; readonly message: string }
  /**
   * Nobody answered, or with 429 or a 5xx: worth another attempt. `request` and `prefix` are for the message when none is left:
   * `<prefix><request> giving up after 5 attempt(s)`, `<prefix>context deadline exceeded`, such as `postMessage failed: failed to execute request: ` and `POST https://…`.
   */
  | {
      readonly kind: "unavailable";
      readonly prefix: string;
      readonly request: string;
      /** What happened, for logs. */
      readonly why: string;
      /** What follows `giving up after 5 attempt(s)`, after a colon: absent when an answer came. */
      readonly problem?: string;
      /** What the answer's Retry-After asked for. */
      readonly retryAfter?: Milliseconds;
      /** Requests with an effect that are made by now, earlier attempts included. */
      readonly done: number;
    };
