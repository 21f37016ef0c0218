import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts, Kinds, ServerVersion } from "@sluice/engine/ports/kinds.ts";
import { readEverythingServed } from "./aggregated-discovery.ts";
import type { Http } from "./http.ts";
import { groupVersionPath, isApiVersion } from "./paths.ts";
import { parseJson, shownBody } from "./status.ts";

/**
 * Discovery, one group-version at a time and only those that somebody asks for. What was found is kept for the life of the
 * value; what was not is asked anew, since a CRD may have come in between.
 */
export function createKinds(http: Http): Kinds {
  let asking: Promise<ReadonlyMap<string, string>> | undefined;
  const known = new Map<string, Promise<ReadonlyMap<string, KindFacts> | undefined>>();

  const read = async (apiVersion: string): Promise<ReadonlyMap<string, KindFacts> | undefined> => {
    const answer = await http.send({ method: "GET", path: groupVersionPath(apiVersion) });
    if (answer.code === 200) return parseResources(apiVersion, parseJson(answer.body));
    // Anything else must not look like "not served": objects of the kind would count as gone.
    if (answer.code !== 404) throw new Error(`discovery of ${apiVersion}: unexpected ${answer.code}: ${shownBody(answer.body)}`);
    return undefined;
  };
  const remember = (apiVersion: string): Promise<ReadonlyMap<string, KindFacts> | undefined> => {
    const found = read(apiVersion);
    known.set(apiVersion, found);
    found.catch(() => known.delete(apiVersion));
    return found;
  };

  async function find(apiVersion: string, kind: string): Promise<KindFacts | undefined> {
    if (!isApiVersion(apiVersion)) return undefined;
    const before = known.get(apiVersion);
    // Without an await where nothing is known: those that ask at the same time share one request.
    const found = before === undefined ? undefined : (await before)?.get(kind);
    if (found !== undefined) return found;
    return (await remember(apiVersion))?.get(kind);
  }

  async function versions(group: string, kind: string): Promise<readonly string[]> {
    if (group !== "" && !isApiVersion(`${group}/v1`)) return [];
    const answer = await http.send({ method: "GET", path: group === "" ? "/api" : `/apis/${group}` });
    const served = answer.code === 200 ? parseVersions(group, parseJson(answer.body)) : [];
    const having = await Promise.all(served.map(async (apiVersion) => ((await find(apiVersion, kind)) === undefined ? [] : [apiVersion])));
    return having.flat();
  }

  return {
    find,
    versions,
    schemas: () => {
      asking ??= readSchemas(http).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    all: () => readEverythingServed(http),
    serverVersion: () => readVersion(http),
  };
}

async function readVersion(http: Http): Promise<ServerVersion> {
  const { code, body } = await http.send({ method: "GET", path: "/version" });
  const said = code === 200 ? parseJson(body) : undefined;
  if (!isObject(said) || typeof said.gitVersion !== "string") throw new Error(`the server's version: unexpected ${code}: ${shownBody(body)}`);
  return { version: said.gitVersion, major: textOf(said.major), minor: textOf(said.minor) };
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

async function readSchemas(http: Http): Promise<ReadonlyMap<string, string>> {
  const answer = await http.send({ method: "GET", path: "/openapi/v3" });
  return answer.code === 200 ? parseHashes(parseJson(answer.body)) : new Map();
}

function parseResources(apiVersion: string, body: Json | undefined): ReadonlyMap<string, KindFacts> {
  const resources = isObject(body) && Array.isArray(body.resources) ? body.resources : [];
  const found = new Map<string, KindFacts>();
  const withStatus = new Set(
    resources.flatMap((resource: Json) =>
      isObject(resource) && typeof resource.name === "string" && resource.name.endsWith("/status") ? [resource.name] : [],
    ),
  );
  for (const resource of resources) {
    if (!isObject(resource) || typeof resource.name !== "string" || typeof resource.kind !== "string" || resource.name.includes("/")) continue;
    const verbs = Array.isArray(resource.verbs) ? resource.verbs.filter((verb: Json) => typeof verb === "string") : [];
    if (!found.has(resource.kind))
      found.set(resource.kind, {
        apiVersion,
        kind: resource.kind,
        plural: resource.name,
        namespaced: resource.namespaced === true,
        verbs,
        hasStatus: withStatus.has(`${resource.name}/status`),
      });
  }
  return found;
}

/** Preferred first. */
function parseVersions(group: string, body: Json | undefined): readonly string[] {
  if (!isObject(body) || !Array.isArray(body.versions)) return [];
  const all = body.versions.flatMap((version: Json) => {
    const name = isObject(version) ? version.version : version;
    return typeof name === "string" ? [apiVersionOf(group, name)] : [];
  });
  const preferred = isObject(body.preferredVersion) ? body.preferredVersion.groupVersion : undefined;
  return all.toSorted((a, b) => Number(b === preferred) - Number(a === preferred));
}

function parseHashes(body: Json | undefined): ReadonlyMap<string, string> {
  const paths = isObject(body) && isObject(body.paths) ? body.paths : {};
  const found = new Map<string, string>();
  for (const [path, entry] of Object.entries(paths)) {
    const address = isObject(entry) ? entry.serverRelativeURL : undefined;
    const hash = typeof address === "string" ? /[?&]hash=([^&]+)/.exec(address)?.[1] : undefined;
    if (hash !== undefined) found.set(path.replace(/^apis?\//, ""), hash);
  }
  return found;
}
