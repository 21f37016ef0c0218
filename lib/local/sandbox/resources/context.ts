import type { Result } from "@sluice/engine/domain/result.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { Failure } from "../http/status.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { KindRegistry } from "../kinds/registry.ts";
import type { Memory } from "../storage/memory.ts";
import type { Resource } from "../storage/store.ts";

/** What all operations stand on. */
export type Cluster = { readonly memory: Memory; readonly registry: KindRegistry; readonly now: () => EpochMs };

export type Subresource = "" | "status" | "scale" | "finalize";

/** What a request is about: the kind in the version that was asked for, and where its objects are held. */
export type Target = {
  readonly kind: ResourceKind;
  readonly resource: Resource;
  /** "" for what is cluster-scoped. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: Subresource;
};

/** How a write is to be done, and by whom. */
export type Writing = {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Controllers inside the sandbox are not validated. */
  readonly trusted?: boolean;
  readonly warn: (text: string) => void;
};

/** The value, or the Status that is answered instead. */
export type Answer<Value> = Result<Value, Failure>;
