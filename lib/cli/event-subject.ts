import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { FluxKindName } from "@sluice/engine/flux/kinds.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "./failure.ts";
import { hasAt, textAt } from "./fields.ts";
import { ALL_TYPES, type FluxType, TYPES } from "./flux-types.ts";
import { readObject, refOfType } from "./read-object.ts";

export type Reference = { readonly kind: string; readonly name: string; readonly namespace: string };
export type EventSubject = { readonly subject: Omit<Reference, "namespace">; readonly references: readonly Reference[] };

/** Where an object names what it depends on, for those kinds that do. `kind` is given where the field has none. Source: reference 6.8. */
const REFERENCES: { readonly [Name in FluxKindName]?: { readonly path: readonly string[]; readonly kind?: string; readonly crossNamespace: boolean } } = {
  Kustomization: { path: ["spec", "sourceRef"], crossNamespace: true },
  HelmRelease: { path: ["spec", "chart", "spec", "sourceRef"], crossNamespace: true },
  Alert: { path: ["spec", "providerRef"], kind: "Provider", crossNamespace: false },
  ImagePolicy: { path: ["spec", "imageRepositoryRef"], kind: "ImageRepository", crossNamespace: true },
  HelmChart: { path: ["spec", "sourceRef"], crossNamespace: true },
};

/** What `--for <kind>[/<name>]` means: the object, and, of a named one, the objects that it refers to. An empty name means all of the kind. */
export async function eventSubject(cluster: Cluster, selector: string, namespace: string): Promise<EventSubject> {
  const parts = selector.split("/");
  const [kind = "", name = ""] = parts.length === 2 ? parts : [selector, ""];
  if (kind === "") throw new Failure("--for selector must be of format <kind>[/<name>]");
  const type = ALL_TYPES.find(({ facts }) => facts.kind.toLowerCase() === kind.toLowerCase() && facts.kind !== "ExternalArtifact");
  if (type === undefined) throw new Failure(`'${kind}' is not a recognized Flux kind`);
  const references = name === "" ? [] : await referencesOf(cluster, type, name, namespace);
  return { subject: { kind: type.facts.kind, name }, references };
}

async function referencesOf(cluster: Cluster, type: FluxType, name: string, namespace: string): Promise<readonly Reference[]> {
  const facts = REFERENCES[type.facts.kind];
  if (facts === undefined) return [];
  const object = await readObject(cluster, refOfType(type, { namespace }, name));
  const kind = facts.kind ?? needed(object, ...facts.path, "kind");
  const target = needed(object, ...facts.path, "name");
  const given = facts.crossNamespace ? textAt(object, ...facts.path, "namespace") : "";
  const there = given === "" ? namespace : given;
  const chart = type === TYPES.HelmRelease ? [{ kind: "HelmChart", name: `${namespace}-${name}`, namespace: there }] : [];
  return [{ kind, name: target, namespace: there }, ...chart];
}

function needed(object: Manifest, ...path: readonly string[]): string {
  if (!hasAt(object, ...path)) throw new Failure(`field '${path.join(".")}' for '${object.metadata.namespace}/${object.metadata.name}' not found`);
  return textAt(object, ...path);
}
