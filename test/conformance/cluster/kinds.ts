import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { apiVersionOf } from "@sluice/engine/domain/manifest.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";

/** One kind that a cluster serves, in one version. */
export type ServedKind = {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
};

export type ServedKinds = {
  /** Each kind once, in its group's preferred version. */
  readonly preferred: readonly ServedKind[];
  /** By `apiVersion/Kind`, plural or singular; of kinds with one name the first in discovery's order. */
  find(name: string): ServedKind | undefined;
};

const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** What the cluster serves now, in two requests. */
export async function readKinds(http: Http): Promise<ServedKinds> {
  const answers = await Promise.all(["/api", "/apis"].map((path) => http.send({ method: "GET", path, accept: ACCEPT })));
  const all = answers.flatMap(({ code, body }) => {
    if (code !== 200) throw new Error(`discovery: ${code}: ${body.slice(0, 200)}`);
    return parseGroups(JSON.parse(body));
  });
  const byName = new Map<string, ServedKind>();
  const preferred = new Map<string, ServedKind>();
  for (const kind of all) {
    if (!preferred.has(`${kind.group}/${kind.kind}`)) preferred.set(`${kind.group}/${kind.kind}`, kind);
    for (const name of [`${kind.apiVersion}/${kind.kind}`, kind.plural, kind.singular]) if (!byName.has(name)) byName.set(name, kind);
  }
  return { preferred: [...preferred.values()], find: (name) => byName.get(name) };
}

/** Source: apidiscovery.k8s.io/v2 APIGroupDiscoveryList; versions stand in the order of preference. */
function parseGroups(list: Json): readonly ServedKind[] {
  return itemsOf(list, "items").flatMap((group) => {
    const name = textOf(partOf(group, "metadata"), "name");
    return itemsOf(group, "versions").flatMap((version) =>
      itemsOf(version, "resources").map((resource) => parseResource(name, textOf(version, "version"), resource)),
    );
  });
}

function parseResource(group: string, version: string, resource: Json): ServedKind {
  const kind = textOf(partOf(resource, "responseKind"), "kind");
  return {
    group,
    apiVersion: apiVersionOf(group, version),
    kind,
    plural: textOf(resource, "resource"),
    singular: textOf(resource, "singularResource") || kind.toLowerCase(),
    namespaced: textOf(resource, "scope") === "Namespaced",
  };
}

const partOf = (value: Json | undefined, key: string): Json | undefined => (isObject(value) ? value[key] : undefined);
const textOf = (value: Json | undefined, key: string): string => {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" ? found : "";
};
const itemsOf = (value: Json | undefined, key: string): readonly Json[] => {
  const found = isObject(value) ? value[key] : undefined;
  return isArray(found) ? found : [];
};
