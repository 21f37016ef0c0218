import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { parseJson } from "./registry-session.ts";

/** Source: Helm 4, pkg/registry/constants.go. */
export const CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json";
export const LAYER_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const OLD_LAYER_TYPE = "application/tar+gzip";

export const MANIFEST_TYPES = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
export const INDEX_TYPES = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

export type Descriptor = { readonly mediaType: string; readonly digest: string; readonly size: number };
export type Manifest = { readonly config: Descriptor; readonly layers: readonly Descriptor[] };

export const isChartLayer = ({ mediaType }: Descriptor): boolean => mediaType === LAYER_TYPE || mediaType === OLD_LAYER_TYPE;

export function parseManifest(bytes: Uint8Array): Result<Manifest> {
  const parsed = parseJson(bytes);
  if (!isObject(parsed)) return problem("the manifest is no JSON object");
  const config = descriptorIn(parsed.config);
  if (config === undefined) return problem(`could not load config with mediatype ${CONFIG_TYPE}`);
  return ok({ config, layers: descriptorsIn(parsed.layers) });
}

/** The manifests of a list of them; undefined for anything else. */
export function parseImageIndex(bytes: Uint8Array): readonly Descriptor[] | undefined {
  const parsed = parseJson(bytes);
  return isObject(parsed) && isArray(parsed.manifests) ? descriptorsIn(parsed.manifests) : undefined;
}

const descriptorsIn = (value: Json | undefined): readonly Descriptor[] => (isArray(value) ? value.flatMap((item) => descriptorIn(item) ?? []) : []);

function descriptorIn(value: Json | undefined): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== "string" || typeof digest !== "string" || typeof size !== "number") return undefined;
  return Number.isSafeInteger(size) && size >= 0 && /^[a-z0-9]+:[0-9a-f]+$/.test(digest) ? { mediaType, digest, size } : undefined;
}
