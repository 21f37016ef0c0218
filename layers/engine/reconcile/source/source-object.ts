import type { Artifact } from "../../domain/artifact.ts";
import type { Condition } from "../../domain/condition.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Result } from "../../domain/result.ts";
import type { ObjectMeta } from "../../flux/object.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { EventSink, FluxEvent } from "../../ports/event-sink.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

export const CONTROLLER = "source-controller";

/** What the status of every source has. */
export type SourceStatus = JsonObject & {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly artifact?: Artifact;
  readonly lastHandledReconcileAt?: string;
};

/** A source as its parser made it. */
export type SourceObject<Status extends SourceStatus = SourceStatus> = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly status: Status;
  readonly manifest: Manifest;
};

/** What tells the passes over one kind of source from those over another. */
export type SourceKind<Object extends SourceObject> = {
  readonly crd: string;
  /** The condition types that are ours. */
  readonly owned: readonly string[];
  readonly parse: (manifest: Manifest) => Result<Object>;
};

export type SourceDeps = {
  readonly cluster: Cluster;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
};

/** An event without its object. `fields` go into its metadata under the group. */
export type Saying = Pick<FluxEvent, "type" | "reason" | "message"> & { readonly fields: { readonly [key: string]: string } };
