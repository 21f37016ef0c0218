import type { Json, JsonObject } from "../domain/json.ts";
import type { Manifest, ObjectRef } from "../domain/manifest.ts";

/**
 * The API server of one cluster, as one identity. Every method answers what the server said; it throws only when nobody
 * answered, or answered outside of the contract (5xx after the adapter's own retries).
 */
export type Cluster = {
  /** `part`: nothing but the metadata is asked for, which is much less of a definition; the object may have the rest all the same. */
  get(ref: ObjectRef, part?: "metadata"): Promise<GetAnswer>;
  /** All objects of one kind, of one namespace or of all, page by page inside; items have apiVersion and kind. */
  list(query: ListQuery): Promise<ListAnswer>;
  /** Server-side apply. `dryRun`: the server says what would be, and keeps nothing. */
  apply(manifest: Manifest, options: ApplyOptions): Promise<ApplyAnswer>;
  /** A new object; never a change of one that is there. */
  create(manifest: Manifest, options: WriteOptions): Promise<CreateAnswer>;
  /** The whole object in place of the one that is there; without `metadata.resourceVersion` whatever it has become. */
  replace(manifest: Manifest, options: WriteOptions): Promise<ReplaceAnswer>;
  patch(ref: ObjectRef, patch: Patch): Promise<PatchAnswer>;
  delete(ref: ObjectRef, options: DeleteOptions): Promise<DeleteAnswer>;
};

/** A refusal: what the API server's Status said. `why` groups what callers decide by; `reason` and `message` are the server's own. */
export type Refusal = {
  readonly kind: "refused";
  readonly why: "invalid" | "immutable" | "conflict" | "forbidden" | "absent" | "unknown-kind" | "terminating" | "other";
  /** HTTP status; 0 when the kind could not be mapped and nothing was asked. */
  readonly code: number;
  /** `Invalid`, `Conflict`, `Forbidden`, `NotFound` …; empty when the server named none. */
  readonly reason: string;
  readonly message: string;
};

export type GetAnswer = { readonly kind: "found"; readonly object: Manifest } | { readonly kind: "absent"; readonly message: string } | Refusal;

export type ListQuery = { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly labelSelector?: string };
export type ListAnswer = { readonly kind: "listed"; readonly items: readonly Manifest[]; readonly resourceVersion: string } | Refusal;

/** `strict`: fields that the kind does not have, and ones that stand there twice, are refused, also where the server would drop them (custom resources). */
export type ApplyOptions = { readonly manager: string; readonly force: boolean; readonly dryRun: boolean; readonly strict?: boolean };
export type ApplyAnswer = { readonly kind: "created" | "configured"; readonly object: Manifest } | Refusal;

export type WriteOptions = { readonly manager: string };
/** `exists`: there is one of that name. */
export type CreateAnswer = { readonly kind: "created"; readonly object: Manifest } | { readonly kind: "exists"; readonly message: string } | Refusal;
export type ReplaceAnswer =
  | { readonly kind: "replaced"; readonly object: Manifest }
  | { readonly kind: "stale" }
  | { readonly kind: "absent"; readonly message: string }
  | Refusal;

export type Patch = {
  /** `strategic`: by the merge keys of a built-in kind; custom resources have none, and refuse it. */
  readonly body:
    | { readonly type: "merge"; readonly merge: JsonObject }
    | { readonly type: "strategic"; readonly merge: JsonObject }
    | { readonly type: "json"; readonly operations: readonly JsonPatchOperation[] };
  readonly subresource?: "status";
  readonly manager: string;
  readonly dryRun?: boolean;
};
export type JsonPatchOperation = { readonly op: "add" | "replace" | "remove" | "test"; readonly path: string; readonly value?: Json };
/** `stale`: the resourceVersion in the body is not the object's any more. */
export type PatchAnswer =
  | { readonly kind: "patched"; readonly object: Manifest }
  | { readonly kind: "stale" }
  | { readonly kind: "absent"; readonly message: string }
  | Refusal;

export type DeleteOptions = { readonly propagation: "Background" | "Foreground" | "Orphan"; readonly uid?: string };
export type DeleteAnswer = { readonly kind: "deleted" } | { readonly kind: "absent" } | Refusal;
