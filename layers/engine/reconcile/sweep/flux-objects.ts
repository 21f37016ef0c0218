import { groupOf, type Manifest, type ObjectRef } from "../../domain/manifest.ts";
import { apiVersionOfKind, type FluxKind, KINDS } from "../../flux/kinds.ts";
import type { Cluster, ListAnswer, Refusal } from "../../ports/cluster.ts";
import { inParallel } from "../in-parallel.ts";

export type FluxObject = { readonly kind: FluxKind; readonly manifest: Manifest };

/** Every object of Flux's kinds, as one LIST for each had it. */
export type FluxObjects = {
  readonly all: readonly FluxObject[];
  find(ref: ObjectRef): Manifest | undefined;
  /** Kinds that are served and may not be listed: their objects are not looked after. */
  readonly refused: readonly { readonly kind: FluxKind; readonly refusal: Refusal }[];
};

/** Throws when nobody answers, or with something that says nothing of the objects (an error inside the server, a token that it does not know). */
export async function listFluxObjects(cluster: Pick<Cluster, "list">, parallel: number): Promise<FluxObjects> {
  const answers = await inParallel(Object.values(KINDS), parallel, async (kind) => ({
    kind,
    answer: said(kind, await cluster.list({ apiVersion: apiVersionOfKind(kind), kind: kind.kind })),
  }));
  const all = answers.flatMap(({ kind, answer }) => (answer.kind === "listed" ? answer.items.map((manifest) => ({ kind, manifest })) : []));
  const byPlace = new Map(all.map(({ manifest }) => [placeOf(manifest, manifest.metadata), manifest]));
  return {
    all,
    find: (ref) => byPlace.get(placeOf(ref, ref)),
    refused: answers.flatMap(({ kind, answer }) => (answer.kind === "refused" && isServed(answer) ? [{ kind, refusal: answer }] : [])),
  };
}

function said(kind: FluxKind, answer: ListAnswer): ListAnswer {
  if (answer.kind === "listed" || answer.why === "forbidden" || !isServed(answer)) return answer;
  throw new Error(`${kind.kind} cannot be listed: ${answer.code} ${answer.message}`);
}

/** Not so when its CRD was never there, or is gone since discovery saw it. */
const isServed = ({ why }: Refusal): boolean => why !== "unknown-kind" && why !== "absent";

/** By group and not by version: of each kind one version is listed, and each is the same object. */
const placeOf = (
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  { namespace, name }: { readonly namespace?: string; readonly name?: string },
): string => `${groupOf(apiVersion)}/${kind}/${namespace ?? ""}/${name ?? ""}`;
