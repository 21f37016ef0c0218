import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { groupVersionPath } from "@sluice/platform/kubernetes/paths.ts";
import { parseJson } from "@sluice/platform/kubernetes/status.ts";
import type { Resource } from "./cli.ts";

/** Every kind that a server serves, with the names that a person may use for it: core first, then the groups in the server's order, preferred versions first. */
export async function readResources(http: Http): Promise<readonly Resource[]> {
  const [core, groups] = await Promise.all([readJson(http, "/api"), readJson(http, "/apis")]);
  const versions = [...textsIn(core, "versions"), ...listIn(groups, "groups").flatMap(groupVersions)];
  const lists = await Promise.all(versions.map(async (apiVersion) => ({ apiVersion, body: await readJson(http, groupVersionPath(apiVersion)) })));
  return lists.flatMap(({ apiVersion, body }) => listIn(body, "resources").flatMap((resource) => parseResource(apiVersion, resource)));
}

async function readJson(http: Http, path: string): Promise<Json | undefined> {
  const answer = await http.send({ method: "GET", path });
  return answer.code === 200 ? parseJson(answer.body) : undefined;
}

function groupVersions(group: Json): readonly string[] {
  if (!isObject(group) || typeof group.name !== "string") return [];
  const preferred = isObject(group.preferredVersion) ? group.preferredVersion.version : undefined;
  const served = listIn(group, "versions").flatMap((version) => (isObject(version) && typeof version.version === "string" ? [version.version] : []));
  const name = group.name;
  return served.toSorted((a, b) => Number(b === preferred) - Number(a === preferred)).map((version) => apiVersionOf(name, version));
}

function parseResource(apiVersion: string, resource: Json): readonly Resource[] {
  if (!isObject(resource) || typeof resource.name !== "string" || typeof resource.kind !== "string" || resource.name.includes("/")) return [];
  const { name: plural, kind, singularName, namespaced } = resource;
  const singular = typeof singularName === "string" && singularName !== "" ? singularName : kind.toLowerCase();
  return [{ apiVersion, kind, plural, singular, shortNames: textsIn(resource, "shortNames"), namespaced: namespaced === true }];
}

function listIn(body: Json | undefined, field: string): readonly Json[] {
  const list = isObject(body) ? body[field] : undefined;
  return isArray(list) ? list : [];
}

const textsIn = (body: Json | undefined, field: string): readonly string[] => listIn(body, field).filter((item) => typeof item === "string");
