import { isObject, type Json } from "../../domain/json.ts";
import { type Manifest, refOf, subjectOf } from "../../domain/manifest.ts";
import { stampOf } from "../../plan/stamp.ts";
import type { RenderStore } from "../../ports/artifact-store.ts";

/**
 * What the server has confirmed for one Kustomization: under which schemas everything was right, and for which pairs of desired and
 * live object a dry-run found no change. Losing it costs dry-runs, never correctness. Source: design §6.
 */
export type Confirmations = {
  /** The schema of the object's group-version is the one under which this Kustomization was last found right. */
  isSchemaKnown(desired: Manifest): boolean;
  isStamped(desired: Manifest, live: Manifest): boolean;
  stamp(desired: Manifest, live: Manifest): void;
  /** Everything in `desired` was answered for under the schemas of now; kept for the next run when that is news. */
  confirm(desired: readonly Manifest[]): Promise<void>;
};

type Kept = { readonly schemas: { readonly [apiVersion: string]: string }; readonly stamps: { readonly [subject: string]: string } };

const NOTHING: Kept = { schemas: {}, stamps: {} };

/** `schemas`: group-version → hash, as the server gives them in this pass. */
export async function loadConfirmations(renders: RenderStore, key: string, schemas: ReadonlyMap<string, string>): Promise<Confirmations> {
  const kept = parseKept(await renders.recall(key));
  const stamps = new Map(Object.entries(kept.stamps));
  const made = new Map<string, string>();

  const stampFor = (desired: Manifest, live: Manifest): string | undefined => stampOf(desired, live, schemas.get(desired.apiVersion));

  return {
    isSchemaKnown: ({ apiVersion }) => schemas.has(apiVersion) && schemas.get(apiVersion) === kept.schemas[apiVersion],
    isStamped: (desired, live) => {
      const before = stamps.get(subjectOf(refOf(desired)));
      if (before === undefined || before !== stampFor(desired, live)) return false;
      made.set(subjectOf(refOf(desired)), before);
      return true;
    },
    stamp: (desired, live) => {
      const stamp = stampFor(desired, live);
      if (stamp !== undefined) made.set(subjectOf(refOf(desired)), stamp);
    },
    confirm: async (desired) => {
      const next: Kept = { schemas: hashesOf(desired, schemas), stamps: Object.fromEntries([...made].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
      const text = JSON.stringify(next);
      if (text !== JSON.stringify(kept)) await renders.remember(key, Buffer.from(text));
    },
  };
}

function hashesOf(desired: readonly Manifest[], schemas: ReadonlyMap<string, string>): { readonly [apiVersion: string]: string } {
  const versions = [...new Set(desired.map(({ apiVersion }) => apiVersion))].toSorted();
  return Object.fromEntries(versions.flatMap((version): [string, string][] => (schemas.has(version) ? [[version, schemas.get(version) ?? ""]] : [])));
}

/** Whatever cannot be read counts as lost. */
function parseKept(bytes: Uint8Array | undefined): Kept {
  if (bytes === undefined) return NOTHING;
  const value = parseJson(Buffer.from(bytes).toString("utf8"));
  return isObject(value) ? { schemas: textsOf(value.schemas), stamps: textsOf(value.stamps) } : NOTHING;
}

const textsOf = (value: Json | undefined): { readonly [key: string]: string } =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string")) : {};

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
