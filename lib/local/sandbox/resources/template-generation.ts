import { isEqual, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { fieldOf } from "./definitions.ts";

export const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

const templateOf = (object: Manifest): Json => fieldOf(object, "spec").template ?? null;

/** A DaemonSet counts the changes of its template in an annotation of the server's own. Source: pkg/registry/apps/daemonset strategy, apps/v1 conversion. */
export function withTemplateGeneration({ group, kind, custom }: ResourceKind, object: Manifest, before: Manifest | undefined): Manifest {
  if (custom || group !== "apps" || kind !== "DaemonSet") return object;
  const last = Number(before?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const next = before !== undefined && isEqual(templateOf(object), templateOf(before)) ? last : last + 1;
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(next) } } };
}
