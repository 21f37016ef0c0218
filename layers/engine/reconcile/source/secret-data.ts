import type { Manifest } from "../../domain/manifest.ts";
import { type Secret, secret } from "../../domain/secret.ts";

/** The values of a Secret by key. A key that is not there is undefined; an empty value is empty. */
export type SecretData = { get(key: string): Secret | undefined };

/** Source: Kubernetes, core/v1 Secret: `data` in base64. What is no text there counts as not given. */
export function secretDataOf(manifest: Manifest): SecretData {
  const found = manifest.data;
  const data: object = typeof found === "object" && found !== null ? found : {};
  const values = new Map(
    Object.entries(data).flatMap(([key, value]) => (typeof value === "string" ? [[key, secret(Buffer.from(value, "base64").toString("utf8"))] as const] : [])),
  );
  return { get: (key) => values.get(key) };
}
