import type { HelmRelease, Snapshot } from "../../flux/helm-release-object.ts";
import { eventMetadata, involvedObject } from "../object-status.ts";
import { CONTROLLER, type HelmReleaseDeps } from "./deps.ts";

/** What a pass says to users beside the status. `Trace` goes to no provider. */
export type Saying = {
  readonly type: "Normal" | "Warning" | "Trace";
  readonly reason: string;
  readonly message: string;
  /** Which release it is about; absent: about none. */
  readonly about?: About;
  /** It has happened, whether or not the status says so already. */
  readonly always?: true;
};

/** Under these names, and the group, events carry it. Source: reference 3.6, "Event metadata". */
export type About = { readonly revision?: string; readonly token?: string; readonly "app-version"?: string; readonly "oci-digest"?: string };

export const aboutSnapshot = ({ chartVersion, configDigest, appVersion, ociDigest }: Snapshot): About => ({
  revision: chartVersion,
  token: configDigest,
  ...(appVersion !== undefined && { "app-version": appVersion }),
  ...(ociDigest !== undefined && { "oci-digest": ociDigest }),
});

export async function say({ events }: Pick<HelmReleaseDeps, "events">, object: HelmRelease, { type, reason, message, about = {} }: Saying): Promise<void> {
  await events.emit({ object: involvedObject(object), type, reason, message, metadata: eventMetadata(object, { ...about }), controller: CONTROLLER });
}
