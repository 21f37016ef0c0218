import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";
import type { Http } from "./http.ts";
import { parseJson, shownBody } from "./status.ts";

/** Source: apidiscovery.k8s.io/v2, which every server from Kubernetes 1.30 on has. */
const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/**
 * All that is served, in two requests however many groups there are. What an extension API server that is down now served last is in it: the aggregator
 * remembers, and says `Stale`.
 */
export async function readEverythingServed(http: Http): Promise<readonly KindFacts[]> {
  const lists = await Promise.all(
    ["/api", "/apis"].map(async (path) => {
      const { code, body } = await http.send({ method: "GET", path, accept: ACCEPT });
      const list = code === 200 ? parseJson(body) : undefined;
      if (!isObject(list) || list.kind !== "APIGroupDiscoveryList") throw new Error(`discovery at ${path}: unexpected ${code}: ${shownBody(body)}`);
      return arrayOf(list.items).flatMap(parseGroup);
    }),
  );
  return lists.flat();
}

function parseGroup(group: Json): readonly KindFacts[] {
  const { metadata, versions } = isObject(group) ? group : {};
  const name = isObject(metadata) && typeof metadata.name === "string" ? metadata.name : "";
  return arrayOf(versions).flatMap((version) =>
    isObject(version) && typeof version.version === "string" ? parseVersion(apiVersionOf(name, version.version), version.resources) : [],
  );
}

function parseVersion(apiVersion: string, resources: Json | undefined): readonly KindFacts[] {
  const found = new Map<string, KindFacts>();
  for (const resource of arrayOf(resources)) {
    if (!isObject(resource) || typeof resource.resource !== "string" || !isObject(resource.responseKind)) continue;
    const { kind } = resource.responseKind;
    if (typeof kind !== "string" || found.has(kind)) continue;
    found.set(kind, {
      apiVersion,
      kind,
      plural: resource.resource,
      namespaced: resource.scope === "Namespaced",
      verbs: arrayOf(resource.verbs).filter((verb) => typeof verb === "string"),
      hasStatus: arrayOf(resource.subresources).some((sub) => isObject(sub) && sub.subresource === "status"),
    });
  }
  return [...found.values()];
}

const arrayOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
