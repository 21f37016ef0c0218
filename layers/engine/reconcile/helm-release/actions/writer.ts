import type { Manifest } from "../../../domain/manifest.ts";
import type { Resource } from "./resources.ts";

export type Written =
  | { readonly kind: "created" | "updated"; readonly object: Manifest }
  /** `creating`: there was no such object. */
  | { readonly kind: "refused"; readonly creating: boolean; readonly message: string };

/** How the objects of a release are written: by server-side apply, or as Helm 3 did. */
export type Writer = {
  /** An object that Helm takes for new. */
  create(resource: Resource): Promise<Written>;
  /** An object that may be there. `original`: as the revision before had it; absent: it is taken over. */
  write(resource: Resource, original: Resource | undefined): Promise<Written>;
};
