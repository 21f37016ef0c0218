import { isArray, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Failure } from "../http/status.ts";
import { selects } from "../validation/selectors.ts";
import type { Cluster, Target } from "./context.ts";
import { fieldOf, listOf, textOf } from "./definitions.ts";

const GROUP = "admissionregistration.k8s.io";
const PLURALS = { mutating: "mutatingwebhookconfigurations", validating: "validatingwebhookconfigurations" } as const;
const SERVICES = { group: "", plural: "services" } as const;
const NAMESPACES = { group: "", plural: "namespaces" } as const;

export type Admission = {
  readonly stage: keyof typeof PLURALS;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly target: Target;
  /** Absent when something is deleted. */
  readonly object: Manifest | undefined;
  readonly old: Manifest | undefined;
};

/**
 * Nothing runs in the sandbox, so no admission webhook can ever be reached: the first one that is asked about this write, and must agree
 * (failurePolicy Fail), refuses it, as it does on a real server when its service is missing. Match conditions are not looked at.
 * Source: apiserver pkg/admission/plugin/webhook.
 */
export function webhookProblem(cluster: Cluster, admission: Admission): Failure | undefined {
  if (admission.target.kind.group === GROUP && Object.values(PLURALS).some((plural) => plural === admission.target.kind.plural)) return undefined;
  for (const configuration of cluster.memory.list({ group: GROUP, plural: PLURALS[admission.stage] }))
    for (const hook of hooksOf(configuration)) if (hook.failurePolicy !== "Ignore" && isAsked(cluster, hook, admission)) return unreachable(cluster, hook);
  return undefined;
}

function hooksOf(configuration: Manifest): readonly JsonObject[] {
  const fields: { readonly [field: string]: unknown } = configuration;
  const { webhooks } = fields;
  return Array.isArray(webhooks) ? listOf(webhooks) : [];
}

function isAsked(cluster: Cluster, hook: JsonObject, { operation, target, object, old }: Admission): boolean {
  if (!listOf(hook.rules).some((rule) => ruleMatches(cluster, rule, operation, target, hook.matchPolicy !== "Exact"))) return false;
  const isNamespace = target.resource.group === "" && target.resource.plural === "namespaces";
  const namespace = isNamespace ? (object ?? old) : cluster.memory.get(NAMESPACES, "", target.namespace);
  if ((isNamespace || target.namespace !== "") && !chooses(hook.namespaceSelector, namespace)) return false;
  return chooses(hook.objectSelector, object) || (old !== undefined && chooses(hook.objectSelector, old));
}

const chooses = (selector: Json | undefined, object: Manifest | undefined): boolean => selects(selector ?? {}, object?.metadata.labels ?? {});

function ruleMatches(cluster: Cluster, rule: JsonObject, operation: string, { kind, resource, subresource }: Target, equivalent: boolean): boolean {
  const names = (field: string): readonly Json[] => {
    const value = rule[field];
    return isArray(value) ? value : [];
  };
  const has = (field: string, ...values: readonly string[]): boolean => names(field).includes("*") || values.some((value) => names(field).includes(value));
  const versions = equivalent ? cluster.registry.versions(resource).map(({ version }) => version) : [kind.version];
  const resources = subresource === "" ? [kind.plural] : [`${kind.plural}/${subresource}`, `${kind.plural}/*`, `*/${subresource}`];
  const scope = kind.namespaced ? "Namespaced" : "Cluster";
  return (
    has("operations", operation) &&
    has("apiGroups", kind.group) &&
    has("apiVersions", ...versions) &&
    (names("resources").includes("*/*") || (subresource === "" ? has("resources", ...resources) : resources.some((one) => names("resources").includes(one)))) &&
    (rule.scope === undefined || rule.scope === "*" || rule.scope === scope)
  );
}

function unreachable({ memory }: Cluster, hook: JsonObject): Failure {
  const client = fieldOf({ apiVersion: "", kind: "", metadata: {}, ...hook }, "clientConfig");
  const service = fieldOf({ apiVersion: "", kind: "", metadata: {}, ...client }, "service");
  const [name, namespace] = [textOf(service.name), textOf(service.namespace)];
  const port = typeof service.port === "number" ? service.port : 443;
  const path = textOf(service.path) || "/";
  const url = textOf(client.url) || `https://${name}.${namespace}.svc:${port}${path.startsWith("/") ? path : `/${path}`}`;
  const seconds = typeof hook.timeoutSeconds === "number" ? hook.timeoutSeconds : 10;
  const found = memory.get(SERVICES, namespace, name);
  const address = found === undefined ? "" : `${textOf(fieldOf(found, "spec").clusterIP)}:${port}`;
  const why = client.url === undefined && found === undefined ? `service ${JSON.stringify(name)} not found` : refused(address || hostOf(url));
  const message = `failed calling webhook ${JSON.stringify(textOf(hook.name))}: failed to call webhook: Post ${JSON.stringify(`${url}?timeout=${seconds}s`)}: ${why}`;
  return { code: 500, reason: "InternalError", message: `Internal error occurred: ${message}`, details: { causes: [{ message }] } };
}

const refused = (address: string): string => `dial tcp ${address}: connect: connection refused`;

function hostOf(url: string): string {
  const [, host = "", port = "443"] = /^https?:\/\/([^/:]+)(?::(\d+))?/.exec(url) ?? [];
  return `${host}:${port}`;
}
