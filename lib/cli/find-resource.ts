import type { Resource } from "./cli.ts";

/** The resource that a word on a command line means: a plural, a singular, a short name or a kind, perhaps with its group (`deployments.apps`). */
export function findResource(resources: readonly Resource[], word: string): Resource | undefined {
  const [name = "", ...group] = word.toLowerCase().split(".");
  const inGroup = resources.filter(({ apiVersion }) => group.length === 0 || isIn(apiVersion, group.join(".")));
  const named = (of: (resource: Resource) => readonly string[]): Resource | undefined => inGroup.find((resource) => of(resource).includes(name));
  return named(({ plural }) => [plural]) ?? named(({ singular, kind }) => [singular, kind.toLowerCase()]) ?? named(({ shortNames }) => shortNames);
}

/** `v1.apps` and `apps` both name the group of `apps/v1`. */
const isIn = (apiVersion: string, wanted: string): boolean => {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return wanted === group || wanted === `${version}.${group}`;
};
