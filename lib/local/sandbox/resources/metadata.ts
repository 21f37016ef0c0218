import { randomInt } from "node:crypto";
import { isEqual, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest, Metadata } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { hasGeneration } from "./traits.ts";

/** Without vowels and what looks like them, so that no word comes out. Source: apimachinery util/rand. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const MAX_PREFIX = 58;

/** `web-` → `web-x7k2p`. */
export const generatedName = (prefix: string): string =>
  prefix.slice(0, MAX_PREFIX) + Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)] ?? "").join("");

/** The metadata of a new object: what the server gives, and without what only the server may give. */
export function metadataOfNew(
  kind: ResourceKind,
  metadata: Metadata,
  place: { readonly namespace: string; readonly uid: string; readonly time: string },
): Metadata {
  const {
    resourceVersion: _1,
    deletionTimestamp: _2,
    deletionGracePeriodSeconds: _3,
    selfLink: _4,
    ...given
  } = metadata as Metadata & { readonly [field: string]: Json };
  const named = (given.name ?? "") === "" && (given.generateName ?? "") !== "" ? generatedName(given.generateName ?? "") : (given.name ?? "");
  return {
    ...given,
    name: named,
    ...(place.namespace !== "" && { namespace: place.namespace }),
    uid: place.uid,
    ...(hasGeneration(kind) && { generation: 1 }),
    creationTimestamp: place.time,
  };
}

/** What a writer cannot change, and may leave out: taken from the live object. */
export function metadataOfUpdated(next: Metadata, live: Metadata): Metadata {
  const {
    generation: _1,
    resourceVersion: _2,
    selfLink: _3,
    deletionTimestamp: _4,
    deletionGracePeriodSeconds: _5,
    ...given
  } = next as Metadata & { readonly [field: string]: Json };
  const old = live as Metadata & { readonly deletionGracePeriodSeconds?: number };
  const created = live.creationTimestamp ?? given.creationTimestamp;
  return {
    ...given,
    ...(live.name !== undefined && given.name === undefined && { name: live.name }),
    ...(live.namespace !== undefined && (given.namespace ?? "") === "" && { namespace: live.namespace }),
    ...(live.uid !== undefined && (given.uid ?? "") === "" && { uid: live.uid }),
    ...(created !== undefined && { creationTimestamp: created }),
    ...(live.generation !== undefined && { generation: live.generation }),
    ...(live.resourceVersion !== undefined && { resourceVersion: live.resourceVersion }),
    ...(old.deletionTimestamp !== undefined && { deletionTimestamp: old.deletionTimestamp }),
    ...(old.deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds: old.deletionGracePeriodSeconds }),
  } as Metadata;
}

/**
 * One more than before when anything changed that a user wants: all but metadata and status, and the status, too, of a
 * custom resource without the status subresource.
 */
export function withGeneration(kind: ResourceKind, next: Manifest, live: Manifest): Manifest {
  if (!hasGeneration(kind)) return next;
  const counts = (field: string): boolean => field !== "metadata" && field !== "apiVersion" && (field !== "status" || (kind.custom && !kind.hasStatus));
  const fields = new Set([...Object.keys(next), ...Object.keys(live)].filter(counts));
  const changed = [...fields].some((field) => !isEqual(next[field] as Json | undefined, live[field] as Json | undefined));
  return changed ? { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 0) + 1 } } : next;
}

/** Equal but for the resourceVersion: writing it would change nothing. */
export function isSame(a: Manifest, b: Manifest): boolean {
  const bare = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: Manifest): Json => ({ ...rest, metadata }) as unknown as Json;
  return isEqual(bare(a), bare(b));
}
