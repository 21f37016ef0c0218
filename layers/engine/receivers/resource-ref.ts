import { ok, problem, type Result } from "../domain/result.ts";
import { apiVersionOfKind, type FluxKindName, KINDS } from "../flux/kinds.ts";
import type { ReceiverResource } from "../flux/receiver-object.ts";

/** The kinds that need no `apiVersion`; of all others it must be written. Source: reference 4.4. */
const DEFAULT_VERSIONS: readonly FluxKindName[] = [
  "Bucket",
  "HelmChart",
  "HelmRepository",
  "GitRepository",
  "OCIRepository",
  "ImageRepository",
  "ArtifactGenerator",
];

/** Which objects an entry of `spec.resources` means: one, or those of a kind with labels. */
export type Wanted =
  | { readonly kind: "one"; readonly apiVersion: string; readonly namespace: string }
  | { readonly kind: "labelled"; readonly apiVersion: string; readonly namespace: string; readonly labelSelector: string };

export type WantedOptions = { readonly ownNamespace: string; readonly noCrossNamespaceRefs: boolean };

export function wantedBy(resource: ReceiverResource, { ownNamespace, noCrossNamespaceRefs }: WantedOptions): Result<Wanted> {
  const namespace = resource.namespace ?? ownNamespace;
  if (noCrossNamespaceRefs && namespace !== ownNamespace) return problem("cross-namespace references are not allowed");
  const apiVersion = resource.apiVersion ?? defaultVersionOf(resource.kind);
  if (apiVersion === undefined) return problem(`apiVersion must be specified for kind ${JSON.stringify(resource.kind)}`);
  if (resource.name !== "*") return ok({ kind: "one", apiVersion, namespace });
  if (resource.matchLabels === undefined) return problem("matchLabels field not set when using wildcard '*' as name");
  const labelSelector = selectorOf(resource.matchLabels);
  return labelSelector === undefined ? problem("matchLabels cannot be used as a selector") : ok({ kind: "labelled", apiVersion, namespace, labelSelector });
}

const defaultVersionOf = (kind: string): string | undefined => {
  const name = DEFAULT_VERSIONS.find((known) => known === kind);
  return name === undefined ? undefined : apiVersionOfKind(KINDS[name]);
};

/** Source: Kubernetes, "Labels and Selectors", Syntax and character set. What is none of it could say something else in a selector. */
const LABEL_NAME = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/;

function selectorOf(labels: { readonly [key: string]: string }): string | undefined {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (!pairs.every(([key, value]) => LABEL_NAME.test(key) && LABEL_VALUE.test(value))) return undefined;
  return pairs.map(([key, value]) => `${key}=${value}`).join(",");
}
