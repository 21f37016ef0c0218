import type { ObjectKey } from "../../domain/object-key.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { JsonDocuments } from "../../ports/json-documents.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

/** A request to a webhook, as it came: nothing decoded, nothing cleaned. */
export type ReceivedRequest = {
  readonly method: string;
  /** The request's URI with its query: `/hook/0db9…`. */
  readonly path: string;
  /** Names in small letters. Several headers of one name are one, joined with `, `. */
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array;
};

export type ReceivedAnswer = {
  readonly code: 200 | 307 | 400 | 404 | 413 | 500 | 503;
  readonly body: string;
  /** Names in small letters. */
  readonly headers: { readonly [name: string]: string };
  /** Whatever got the annotation, also where the code says that others did not: `itemsOf` makes of it what goes to the queues at once. */
  readonly annotated: readonly ObjectKey[];
  /** The value of the annotation, which tells this look from others. */
  readonly requestedAt: string;
};

/** Where a Receiver lies. Only a hint: its cluster says whether it is there, and whether the path is its own. */
export type ReceiverPlace = { readonly cluster: string; readonly namespace: string; readonly name: string };

export type ReceiveDeps = {
  /**
   * The Receivers that may have that path. More than one where the same Receiver lies, with the same token, in several clusters of an installation:
   * its path is the same in each, and each of them gets the request. Source of the path: reference 4.4.
   */
  readonly findReceivers: (path: string) => Promise<readonly ReceiverPlace[]>;
  /** The cluster of that name, as an identity that may read Receivers and their Secrets, and read, list and annotate Flux's objects; undefined: no such cluster any more. */
  readonly clusterNamed: (name: string) => Promise<Cluster | undefined>;
  /** Discovery documents and keys of issuers (generic-oidc, gcr). */
  readonly documents: JsonDocuments;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Pick<Settings, "noCrossNamespaceRefs" | "parallel">;
};

/** Answers one request. Throws for nothing that a request, a Receiver or a cluster that is silent can cause. */
export type Receive = (request: ReceivedRequest) => Promise<ReceivedAnswer>;
