import type { Manifest } from "../domain/manifest.ts";

/** The values of a Receiver's Secret by key, as bytes: a token may be no text. Nothing prints them. */
export type ReceiverSecret = {
  /** Undefined where the key is not there; an empty value is empty. */
  reveal(key: string): Uint8Array | undefined;
};

/** Of generic-oidc, which has none. */
export const NO_SECRET: ReceiverSecret = { reveal: () => undefined };

/** Source: Kubernetes, core/v1 Secret: `data` in base64. */
export function receiverSecretOf(manifest: Manifest): ReceiverSecret {
  const found = manifest.data;
  const data: object = typeof found === "object" && found !== null ? found : {};
  const values = new Map(Object.entries(data).flatMap(([key, value]) => (typeof value === "string" ? [[key, Buffer.from(value, "base64")] as const] : [])));
  return { reveal: (key) => values.get(key) };
}

export const tokenOf = (secret: ReceiverSecret): Uint8Array => secret.reveal("token") ?? new Uint8Array();
/** `""` where it is not there. */
export const textOf = (secret: ReceiverSecret, key: string): string => Buffer.from(secret.reveal(key) ?? []).toString("utf8");
