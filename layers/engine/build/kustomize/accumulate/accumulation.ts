import type { ReadResources } from "../resource/read-resources.ts";
import type { BuildSchema } from "../schema/create-schema.ts";

/** What all kustomizations of one build share. */
export type Accumulation = {
  readonly schema: BuildSchema;
  readonly readResources: ReadResources;
  /** Of the kustomization that is built; those below follow it. */
  readonly buildMetadata: ReadonlySet<string>;
  /** Collects what is said on the side, in order. */
  readonly warnings: string[];
};
