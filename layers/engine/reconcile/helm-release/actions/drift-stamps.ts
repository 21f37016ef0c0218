import type { Manifest } from "../../../domain/manifest.ts";
import type { ObjectMeta } from "../../../flux/object.ts";
import type { RenderStore } from "../../../ports/artifact-store.ts";
import type { Kinds } from "../../../ports/kinds.ts";
import { type Confirmations, loadConfirmations } from "../../kustomization/confirmations.ts";

/** Of which pairs of desired and live object the server has said that there is no drift. Losing them costs dry-runs. */
export type DriftStamps = {
  has(desired: Manifest, live: Manifest): Promise<boolean>;
  add(desired: Manifest, live: Manifest): Promise<void>;
  /** For later passes. */
  keep(): Promise<void>;
};

/** Of one generation of a HelmRelease, whose rules may ignore what those of another do not. Read when an object is in doubt, which most never are. */
export function createDriftStamps(
  renders: RenderStore,
  kinds: Pick<Kinds, "schemas">,
  { uid, generation }: Pick<ObjectMeta, "uid" | "generation">,
): DriftStamps {
  let loaded: Promise<Confirmations> | undefined;
  const load = (): Promise<Confirmations> => {
    loaded ??= kinds.schemas().then((schemas) => loadConfirmations(renders, `without-drift/${uid}/${generation}`, schemas));
    return loaded;
  };
  return {
    has: async (desired, live) => (await load()).isStamped(desired, live),
    add: async (desired, live) => (await load()).stamp(desired, live),
    keep: async () => (await loaded)?.confirm([]),
  };
}
