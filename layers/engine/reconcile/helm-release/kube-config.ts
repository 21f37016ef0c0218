import { isObject, type Json } from "../../domain/json.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import type { HelmReleaseDeps } from "./deps.ts";
import type { End } from "./end.ts";

/**
 * Why the HelmRelease cannot reach the cluster that it names; undefined where it names none. What is wrong with the Secret is said as Flux does; with one that is
 * right the release waits for what is not there yet: releases on other clusters. Recorded in helm/kubeconfig-missing.
 */
export async function kubeConfigEnd(deps: HelmReleaseDeps, object: HelmRelease): Promise<End | undefined> {
  const { kubeConfig } = object.spec;
  if (kubeConfig === undefined) return undefined;
  const { secretRef, configMapRef } = kubeConfig;
  if (secretRef === undefined) return unsupported(configMapRef === undefined ? "spec.kubeConfig" : "spec.kubeConfig.configMapRef");
  const place = `'${object.metadata.namespace}/${secretRef.name}'`;
  const answer = await deps.cluster.get({ apiVersion: "v1", kind: "Secret", namespace: object.metadata.namespace, name: secretRef.name });
  if (answer.kind !== "found") return clientError(`could not get KubeConfig secret ${place}: ${answer.message}`);
  const data = answer.object.data as Json | undefined; // the server's own answer
  const keys = secretRef.key === undefined ? ["value", "value.yaml"] : [secretRef.key];
  const found = keys.flatMap((key) => (isObject(data) && typeof data[key] === "string" && data[key] !== "" ? [data[key]] : []))[0];
  if (found === undefined) return clientError(`KubeConfig secret ${place} does not contain a ${keys.map((key) => `'${key}'`).join(" or ")} key with data`);
  const wrong = await noKubeConfig(Buffer.from(found, "base64").toString());
  return wrong === undefined ? unsupported("spec.kubeConfig") : clientError(`failed to load KubeConfig from secret ${place}: ${wrong}`);
}

const TYPE_META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** Why the text is none, where it is no map at all. Source: k8s.io/apimachinery, serializer/json meta.go; recorded in helm/kubeconfig-missing. */
async function noKubeConfig(text: string): Promise<string | undefined> {
  const { readYaml } = await import("../../build/yaml/read.ts");
  const read = readYaml(text, "last wins");
  if (!read.ok) return `yaml: ${read.problem}`;
  const [document = null] = read.value;
  if (isObject(document) || document === null) return undefined;
  const type = Array.isArray(document) ? "array" : typeof document === "boolean" ? "bool" : typeof document;
  return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type ${TYPE_META}`;
}

/** Without it nothing can be uninstalled, there where it was installed. */
export async function isKubeConfigGone(deps: HelmReleaseDeps, object: HelmRelease): Promise<boolean> {
  const name = object.spec.kubeConfig?.secretRef?.name;
  if (name === undefined) return true;
  return (await deps.cluster.get({ apiVersion: "v1", kind: "Secret", namespace: object.metadata.namespace, name })).kind === "absent";
}

const clientError = (message: string): End => ({ kind: "failed", cause: { reason: "RESTClientError", message } });

const unsupported = (field: string): End => ({
  kind: "stalled",
  cause: { reason: "UnsupportedField", message: `Reconciliation failed terminally due to configuration error: not implemented yet: ${field}` },
});
