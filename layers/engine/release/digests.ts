import { createHash } from "node:crypto";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { partOf } from "../flux/object.ts";
import { type FieldOrder, goJson } from "./go-json.ts";

const POST_RENDERER: FieldOrder = {
  fields: ["kustomize"],
  inside: {
    kustomize: {
      fields: ["patches", "images"],
      inside: {
        patches: {
          fields: ["patch", "target"],
          inside: { target: { fields: ["group", "version", "kind", "namespace", "name", "annotationSelector", "labelSelector"] } },
        },
        images: { fields: ["name", "newName", "newTag", "digest"] },
      },
    },
  },
};

/** What `status.observedPostRenderersDigest` says; undefined without post-renderers. Source: reference 3.2; fluxcd/helm-controller, internal/postrender Digest. */
export function postRenderersDigest(manifest: Manifest): string | undefined {
  const spec = partOf(manifest, "spec");
  const renderers = isObject(spec) ? spec.postRenderers : undefined;
  return isArray(renderers) ? digestOf(goJson(renderers.map(withoutEmpty), POST_RENDERER)) : undefined;
}

/** What `status.observedCommonMetadataDigest` says; undefined without common metadata. */
export function commonMetadataDigest(manifest: Manifest): string | undefined {
  const spec = partOf(manifest, "spec");
  const metadata = isObject(spec) ? spec.commonMetadata : undefined;
  if (!isObject(metadata)) return undefined;
  const said = Object.entries(metadata).filter(([, map]) => isObject(map) && Object.keys(map).length > 0);
  return digestOf(goJson(Object.fromEntries(said), { fields: ["annotations", "labels"] }));
}

const digestOf = (json: string): string => `sha256:${createHash("sha256").update(`${json}\n`).digest("hex")}`;

/** Fields that Go leaves out; `patch` and `name` it always writes. */
function withoutEmpty(value: Json): Json {
  if (isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, item]) => ALWAYS.includes(key) || !isNothing(item));
  return Object.fromEntries(kept.map(([key, item]): readonly [string, Json] => [key, withoutEmpty(item)])) satisfies JsonObject;
}

const ALWAYS: readonly string[] = ["patch", "name"];

const isNothing = (value: Json): boolean => value === null || value === "" || (isArray(value) && value.length === 0);
