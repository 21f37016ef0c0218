import type { Manifest } from "../../domain/manifest.ts";
import { findKindNamed, KINDS } from "../../flux/kinds.ts";
import { parseKustomization } from "../../flux/kustomization-object.ts";
import { createOpenArtifacts } from "../kustomization/open-artifacts.ts";
import { PASSES } from "../passes.ts";
import { createImpatientCharts } from "./impatient-charts.ts";
import { createImpatientRemotes } from "./impatient-remotes.ts";
import { type LookDeps, readOnly, Wanted } from "./read-only.ts";
import type { SharedReads } from "./shared-reads.ts";

/** What a look at one object found. */
export type Seen =
  | { readonly kind: "at-rest" }
  /** Its pass has something to do; `what` is the first of it. */
  | { readonly kind: "wanted"; readonly what: string }
  /** Nobody can read the object, so that no pass can do anything about it. */
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "broke-off"; readonly error: unknown };

export type Look = (manifest: Manifest) => Promise<Seen>;

/** Single reads for one object, such as what its health checks name beside its own objects. With more than that, it is its function's work. */
const MOST_READS = 100;

/**
 * Looks at objects by running their very passes, with hands that cannot write: whatever a pass would do or say is found by the code that would do it.
 * The looks of one sweep share what they read.
 */
export function createLook(given: LookDeps, reads: SharedReads): Look {
  const deps = { ...given, git: createImpatientRemotes(given.git), charts: createImpatientCharts(given.charts, given.clock) };
  const artifacts = createOpenArtifacts(deps.artifacts);

  async function pass(manifest: Manifest): Promise<Seen> {
    const kind = findKindNamed(manifest.kind);
    if (kind === undefined) return { kind: "at-rest" };
    const builds = hasSecretValues(manifest) ? artifacts : undefined;
    const end = await PASSES[kind.kind](readOnly(deps, reads.forLook(atMost(MOST_READS)), { builds }), manifest, "look");
    return end.kind === "malformed" ? end : { kind: "at-rest" };
  }

  return async (manifest) => {
    try {
      return await pass(manifest);
    } catch (error) {
      return error instanceof Wanted ? { kind: "wanted", what: error.what } : { kind: "broke-off", error };
    }
  };
}

/** Its render is kept nowhere. */
function hasSecretValues(manifest: Manifest): boolean {
  if (manifest.kind !== KINDS.Kustomization.kind) return false;
  const parsed = parseKustomization(manifest);
  return parsed.ok && parsed.value.spec.postBuild?.substituteFrom.some(({ kind }) => kind === "Secret") === true;
}

function atMost(most: number): () => void {
  let made = 0;
  return () => {
    if (++made > most) throw new Wanted(`more than ${most} single reads`);
  };
}
