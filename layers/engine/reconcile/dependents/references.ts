import { isArray, isObject, type Json } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { type FluxKind, KINDS } from "../../flux/kinds.ts";
import { partOf } from "../../flux/object.ts";

/** An object of Flux, in its namespace. */
export type Reference = { readonly kind: string; readonly namespace: string; readonly name: string };

/**
 * A kind whose objects take what they work on from a source. They are read loosely: who looks for those that something concerns looks at all of them, and
 * parsing hundreds at every pass would cost more than the pass.
 */
export type UserKind = {
  readonly kind: FluxKind;
  /** Undefined where it names none. */
  source(object: Manifest): Reference | undefined;
  /** The revision of the source that its last pass was at, successful or not. */
  attempted(object: Manifest): string | undefined;
  /** The revision that it is done with, where it has to be done with each one of its source. */
  applied?(object: Manifest): string | undefined;
};

const KUSTOMIZATIONS: UserKind = {
  kind: KINDS.Kustomization,
  source: (object) => referenceIn(object, at(partOf(object, "spec"), "sourceRef")),
  attempted: (object) => textAt(partOf(object, "status"), "lastAttemptedRevision"),
  applied: (object) => textAt(partOf(object, "status"), "lastAppliedRevision"),
};

const HELM_CHARTS: UserKind = {
  kind: KINDS.HelmChart,
  source: (object) => referenceIn(object, at(partOf(object, "spec"), "sourceRef")),
  attempted: (object) => textAt(partOf(object, "status"), "observedSourceArtifactRevision"),
};

/** The chart that it names, or the one that is made of its template: named after it, beside the template's source. Source: reference 3.3. */
const HELM_RELEASES: UserKind = {
  kind: KINDS.HelmRelease,
  source: (object) => {
    const spec = partOf(object, "spec");
    const { namespace = "", name = "" } = object.metadata;
    const template = referenceIn(object, at(at(at(spec, "chart"), "spec"), "sourceRef"));
    if (template === undefined) return referenceIn(object, at(spec, "chartRef"));
    return { kind: KINDS.HelmChart.kind, namespace: template.namespace, name: `${namespace}-${name}` };
  },
  attempted: (object) => textAt(partOf(object, "status"), "lastAttemptedRevision"),
};

const USER_KINDS: readonly UserKind[] = [KUSTOMIZATIONS, HELM_CHARTS, HELM_RELEASES];

/** How objects of that kind use sources; undefined for a kind that uses none. */
export const findUserKind = (kind: string): UserKind | undefined => USER_KINDS.find((one) => one.kind.kind === kind);

/** Whose objects may use a source of that kind. Source: reference 1.5, 2.1, 3.1. */
export function usersOf(sourceKind: string): readonly UserKind[] {
  switch (sourceKind) {
    case KINDS.GitRepository.kind:
      return [KUSTOMIZATIONS, HELM_CHARTS];
    case KINDS.HelmRepository.kind:
      return [HELM_CHARTS];
    case KINDS.HelmChart.kind:
      return [HELM_RELEASES];
    default:
      return [];
  }
}

/** `spec.dependsOn`: objects of the same kind. */
export function dependenciesOf(object: Manifest): readonly Reference[] {
  const given = at(partOf(object, "spec"), "dependsOn");
  if (!isArray(given)) return [];
  return given.flatMap((one: Json) => {
    const found = referenceIn(object, one);
    return found === undefined ? [] : [{ ...found, kind: object.kind }];
  });
}

function referenceIn({ metadata }: Manifest, given: Json | undefined): Reference | undefined {
  const name = textAt(given, "name");
  return name === undefined ? undefined : { kind: textAt(given, "kind") ?? "", namespace: textAt(given, "namespace") ?? metadata.namespace ?? "", name };
}

const at = (value: Json | undefined, field: string): Json | undefined => (isObject(value) ? value[field] : undefined);

const textAt = (value: Json | undefined, field: string): string | undefined => {
  const found = at(value, field);
  return typeof found === "string" && found !== "" ? found : undefined;
};
