import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { textAt, valueAt } from "../fields.ts";

const MASK = "**SOPS**";
const DOCKER = "kubernetes.io/dockerconfigjson";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A Secret that SOPS encrypted with a mask for every value, since nobody decrypts here; others as they are. Source: reference 6.10. */
export function withoutEncrypted(manifest: Manifest): Manifest {
  if (manifest.kind !== "Secret") return manifest;
  const whole = isObject(valueAt(manifest, "sops")) && textAt(manifest, "sops", "mac").startsWith("ENC[");
  const mask = whole && textAt(manifest, "type") === DOCKER ? JSON.stringify({ mask: MASK }) : MASK;
  const { sops: _sops, ...rest } = manifest;
  const { apiVersion, kind, metadata } = manifest;
  return {
    ...(whole ? rest : manifest),
    apiVersion,
    kind,
    metadata,
    ...maskedField(manifest, "data", (value) => (whole || isEncrypted(Buffer.from(value, "base64").toString("utf8")) ? base64(mask) : value)),
    ...maskedField(manifest, "stringData", (value) => (whole || isEncrypted(value) ? mask : value)),
  };
}

/** A whole file that SOPS encrypted, as a value. */
const isEncrypted = (text: string): boolean => text.includes("sops") && text.includes("ENC[");

function maskedField(manifest: Manifest, field: string, mask: (value: string) => string): JsonObject {
  const map = valueAt(manifest, field);
  if (!isObject(map)) return {};
  return { [field]: Object.fromEntries(Object.entries(map).map(([key, value]): [string, Json] => [key, typeof value === "string" ? mask(value) : value])) };
}
