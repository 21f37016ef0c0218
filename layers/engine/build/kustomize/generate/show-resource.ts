import { jsonMapOf } from "../node/node.ts";
import { metaMap, type Resource } from "../resource/resource.ts";
import { goJson } from "./hash.ts";

const PREFIX = "internal.config.kubernetes.io/";

/** An object as kustomize prints it into messages: JSON, with what it keeps in annotations of its own. Source: kustomize api/resource/resource.go, String. */
export function showResource(resource: Resource): string {
  const { previous, prefixes, suffixes, generated } = resource;
  const notes: readonly (readonly [string, string])[] = [
    ["prefixes", prefixes.join(",")],
    ["suffixes", suffixes.join(",")],
    ["previousKinds", previous.map(({ kind }) => kind).join(",")],
    ["previousNames", previous.map(({ name }) => name).join(",")],
    ["previousNamespaces", previous.map(({ namespace }) => namespace).join(",")],
    ["generatorBehavior", generated?.behavior ?? ""],
    ["needsHashSuffix", generated?.needsHash === true ? "enabled" : ""],
  ];
  const written = notes.filter(([, value]) => value !== "");
  const json = jsonMapOf(resource.node);
  if (written.length === 0) return goJson(json);
  const annotations = {
    ...Object.fromEntries(metaMap(resource, "annotations")),
    ...Object.fromEntries(written.map(([name, value]) => [PREFIX + name, value])),
  };
  const { metadata } = json;
  return goJson({ ...json, metadata: { ...(typeof metadata === "object" ? metadata : {}), annotations } });
}
