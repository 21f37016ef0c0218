import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { KubeUser } from "./parse.ts";

/**
 * The AWS region that a kubeconfig's user gets its token in: what `aws eks update-kubeconfig` writes (`--region`, as words of the plugin or in its
 * environment), else that of an address of EKS. Undefined where neither says.
 */
export function awsRegionOf(user: KubeUser | undefined, server: string): string | undefined {
  const exec = user?.plugin?.kind === "exec" ? user.plugin.exec : undefined;
  return (exec && (regionInWords(exec) ?? regionInEnvironment(exec))) ?? regionInAddress(server);
}

function regionInWords({ args }: JsonObject): string | undefined {
  const words = isArray(args) ? args : [];
  const at = words.indexOf("--region");
  const joined = words.find((word) => typeof word === "string" && word.startsWith("--region="));
  return usable(at < 0 ? undefined : words[at + 1]) ?? usable(typeof joined === "string" ? joined.slice("--region=".length) : undefined);
}

function regionInEnvironment({ env }: JsonObject): string | undefined {
  const find = (name: string): string | undefined => {
    const entry = (isArray(env) ? env : []).find((one) => isObject(one) && one.name === name);
    return usable(isObject(entry) ? entry.value : undefined);
  };
  return find("AWS_REGION") ?? find("AWS_DEFAULT_REGION");
}

const regionInAddress = (server: string): string | undefined => {
  const host = URL.canParse(server) ? new URL(server).hostname : "";
  return usable(/\.([a-z0-9-]+)\.eks\.amazonaws\.com(\.cn)?$/.exec(host)?.[1]);
};

const usable = (value: Json | undefined): string | undefined => (typeof value === "string" && /^[a-z]{2,}(-[a-z0-9]+)+$/.test(value) ? value : undefined);
