import { gunzipSync } from "node:zlib";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";

export const isRelease = (object: JsonObject): boolean => object.type === "helm.sh/release.v1";

/** What a Helm release Secret says: base64 of base64 of gzipped JSON. Source: Helm's storage driver. */
export function readRelease(secret: JsonObject): Json {
  const encoded = isObject(secret.data) && typeof secret.data.release === "string" ? secret.data.release : "";
  const release: Json = JSON.parse(gunzipSync(Buffer.from(Buffer.from(encoded, "base64").toString(), "base64")).toString());
  if (!isObject(release)) return "not a release";
  const { name, namespace, version, config, manifest, info, chart, hooks, apply_method: applyMethod } = release;
  const { status, description, notes } = partOf(info);
  const { name: chartName, version: chartVersion } = partOf(partOf(chart).metadata);
  return defined({
    name,
    namespace,
    version,
    status,
    description,
    notes,
    chart: `${chartName}-${chartVersion}`,
    config,
    manifest,
    applyMethod,
    hooks: (isArray(hooks) ? hooks : []).map((hook) => {
      const { name, kind, events, weight, delete_policies: deletePolicies, last_run: lastRun } = partOf(hook);
      return defined({ name, kind, events, weight, deletePolicies, phase: partOf(lastRun).phase });
    }),
  });
}

const partOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const defined = (object: { readonly [key: string]: Json | undefined }): JsonObject => JSON.parse(JSON.stringify(object));
