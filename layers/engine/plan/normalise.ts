import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { groupOf, type Manifest } from "../domain/manifest.ts";
import { jsonOf, manifestOf } from "../domain/manifest-json.ts";
import { typedForm } from "./typed-form.ts";
import { type TypedField, typedFieldsOf } from "./typed-kinds.ts";

const RBAC = "rbac.authorization.k8s.io/v1";
/** Groups of the API server that Flux' scheme does not know: their objects stay as they are written. */
const UNTYPED: ReadonlySet<string> = new Set(["apiextensions.k8s.io", "apiregistration.k8s.io"]);

/** Where the Pod spec stands in kinds that have one. */
const POD_SPECS: ReadonlyMap<string, readonly string[]> = new Map([
  ["v1 Pod", ["spec"]],
  ["apps/v1 Deployment", ["spec", "template", "spec"]],
  ["apps/v1 StatefulSet", ["spec", "template", "spec"]],
  ["apps/v1 DaemonSet", ["spec", "template", "spec"]],
  ["apps/v1 ReplicaSet", ["spec", "template", "spec"]],
  ["batch/v1 Job", ["spec", "template", "spec"]],
  ["batch/v1 CronJob", ["spec", "jobTemplate", "spec", "template", "spec"]],
]);

/**
 * The manifest as Flux applies it: built-in kinds decoded into their types and encoded again, so that unknown fields vanish and
 * values have their canonical form; `stringData` in `data`; ports with a protocol; no status.
 * An object that does not decode only loses its status; Roles and ClusterRoles stay as they are. Source: reference 2.6.1.
 */
export function normalise(manifest: Manifest): Manifest {
  const { apiVersion, kind } = manifest;
  if (apiVersion === RBAC && (kind === "Role" || kind === "ClusterRole")) return manifest;
  if (isDefinition(manifest)) return withoutBrokenBundle(manifest);
  const type = UNTYPED.has(groupOf(apiVersion)) ? undefined : typedFieldsOf(apiVersion, kind);
  const typed = type === undefined ? undefined : typedObject(manifest, type);
  const { status: _status, ...rest } = typed ?? jsonOf(manifest);
  return manifestOf(withoutCreationTime(rest));
}

function typedObject(manifest: Manifest, type: TypedField): JsonObject | undefined {
  const form = typedForm(type, jsonOf(manifest));
  if (!form.ok || !isObject(form.value)) return undefined;
  const key = `${manifest.apiVersion} ${manifest.kind}`;
  const named: JsonObject = { ...form.value, apiVersion: manifest.apiVersion, kind: manifest.kind };
  if (key === "v1 Secret") return withStringData(named);
  if (key === "v1 Service") return changedAt(named, ["spec", "ports"], withProtocols);
  const podSpec = POD_SPECS.get(key);
  return podSpec === undefined
    ? named
    : changedAt(named, [...podSpec, "containers"], (containers) =>
        isArray(containers) ? containers.map((item) => changedAt(item, ["ports"], withProtocols)) : containers,
      );
}

/** `value` with what stands at `path` changed, if anything does. */
function changedAt(value: JsonObject, path: readonly string[], change: (value: Json) => Json): JsonObject;
function changedAt(value: Json, path: readonly string[], change: (value: Json) => Json): Json;
function changedAt(value: Json, path: readonly string[], change: (value: Json) => Json): Json {
  const [field, ...rest] = path;
  if (field === undefined || !isObject(value) || !Object.hasOwn(value, field)) return value;
  const child = value[field] ?? null;
  return { ...value, [field]: rest.length === 0 ? change(child) : changedAt(child, rest, change) };
}

const withProtocols = (ports: Json): Json =>
  isArray(ports) ? ports.map((port) => (isObject(port) && (port.protocol === undefined || port.protocol === "") ? { ...port, protocol: "TCP" } : port)) : ports;

function withStringData({ stringData, ...secret }: JsonObject): JsonObject {
  if (!isObject(stringData)) return secret;
  const coded = Object.entries(stringData).map(([key, text]): [string, Json] => [key, Buffer.from(String(text), "utf8").toString("base64")]);
  return { ...secret, data: { ...(isObject(secret.data) ? secret.data : {}), ...Object.fromEntries(coded) } };
}

/** The server drops it in any case; without it an empty metadata map stays what it is. */
function withoutCreationTime(object: JsonObject): JsonObject {
  if (!isObject(object.metadata)) return object;
  const { creationTimestamp: _creationTimestamp, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const isDefinition = ({ apiVersion, kind }: Manifest): boolean =>
  kind.toLowerCase() === "customresourcedefinition" && groupOf(apiVersion) === "apiextensions.k8s.io";

/** API servers since 1.31 refuse a CRD whose conversion webhook has a bundle that is no certificate. Source: reference 2.6.1. */
function withoutBrokenBundle(manifest: Manifest): Manifest {
  const path = ["spec", "conversion", "webhook"];
  const object = changedAt(jsonOf(manifest), [...path, "clientConfig"], (config) => {
    if (!isObject(config) || typeof config.caBundle !== "string" || isBundle(config.caBundle)) return config;
    const { caBundle: _caBundle, ...rest } = config;
    return rest;
  });
  return manifestOf(withoutCreationTime(object));
}

function isBundle(coded: string): boolean {
  if (coded === "") return true;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(coded.replaceAll(/\s/g, ""))) return false;
  return /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/.test(Buffer.from(coded, "base64").toString("latin1"));
}
