import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { JsonDocuments } from "../../ports/json-documents.ts";
import type { Log } from "../../ports/log.ts";
import type { Settings } from "../settings.ts";

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
