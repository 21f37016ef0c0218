import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { ClusterConfig, HostSettings } from "./cluster-config.ts";
import { ENV_CLUSTERS, ENV_SETTINGS } from "./environment.ts";

type Environment = { readonly [name: string]: string | undefined };

/** The clusters of the installation; none where the stack knows none. */
export function clustersOf(environment: Environment): readonly ClusterConfig[] {
  const value = jsonOf(environment, ENV_CLUSTERS);
  if (value === undefined) return [];
  if (!isArray(value)) throw new Error(`${ENV_CLUSTERS}: expected a list of clusters`);
  return value.map(parseCluster);
}

/** What was decided for the installation; nothing where the stack says nothing. */
export function settingsOf(environment: Environment): HostSettings {
  const value = jsonOf(environment, ENV_SETTINGS);
  if (value === undefined) return {};
  if (!isObject(value)) throw new Error(`${ENV_SETTINGS}: expected an object`);
  return {
    ...optional(value, "noCrossNamespaceRefs", "true or false", (one) => typeof one === "boolean"),
    ...optional(value, "defaultServiceAccount", "a text", (one) => typeof one === "string"),
    ...optional(value, "privateNetworks", "a list of texts", (one) => isArray(one) && one.every((network) => typeof network === "string")),
    ...optional(value, "gitHubHosts", "texts by host", (one) => isObject(one) && Object.values(one).every((api) => typeof api === "string")),
    ...optional(value, "anyAddress", "true", (one) => one === true),
  };
}

/** A setting that cannot be read must not count as one that was not made: some of them take rights away. */
function optional<Field extends keyof HostSettings>(value: JsonObject, field: Field, wanted: string, is: (one: Json) => boolean): Pick<HostSettings, Field> {
  const one = value[field];
  if (one === undefined) return {} as Pick<HostSettings, Field>; // all of them are optional
  if (!is(one)) throw new Error(`${ENV_SETTINGS}.${field}: expected ${wanted}`);
  return { [field]: one } as unknown as Pick<HostSettings, Field>; // checked above
}

function parseCluster(value: Json, index: number): ClusterConfig {
  const { name, region, eksName, roleArn, gate } = isObject(value) ? value : {};
  if (typeof name !== "string" || typeof region !== "string") throw new Error(`${ENV_CLUSTERS}[${index}]: expected name and region`);
  return {
    name,
    region,
    ...(typeof eksName === "string" && { eksName }),
    ...(typeof roleArn === "string" && { roleArn }),
    ...(typeof gate === "string" && { gate }),
  };
}

function jsonOf(environment: Environment, name: string): Json | undefined {
  const text = environment[name];
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name}: expected JSON`);
  }
}
