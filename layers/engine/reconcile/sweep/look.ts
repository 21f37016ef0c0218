import type { Manifest } from "../../domain/manifest.ts";
import { parseGitRepository } from "../../flux/git-repository-object.ts";
import { KINDS } from "../../flux/kinds.ts";
import { type Kustomization, parseKustomization } from "../../flux/kustomization-object.ts";
import { parseReceiver } from "../../flux/receiver-object.ts";
import { reconcileGitRepository } from "../git-repository.ts";
import { createOpenArtifacts } from "../kustomization/open-artifacts.ts";
import { reconcileKustomization } from "../kustomization.ts";
import { sayNotImplemented } from "../not-implemented.ts";
import { reconcileReceiver } from "../receiver.ts";
import { keepStatic } from "../static-object.ts";
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
  const deps = { ...given, git: createImpatientRemotes(given.git) };
  const artifacts = createOpenArtifacts(deps.artifacts);

  async function pass(manifest: Manifest): Promise<Seen> {
    const seen = reads.forLook(atMost(MOST_READS));
    switch (manifest.kind) {
      case KINDS.GitRepository.kind: {
        const parsed = parseGitRepository(manifest);
        if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
        await reconcileGitRepository(readOnly(deps, seen, { builds: undefined }), parsed.value);
        return { kind: "at-rest" };
      }
      case KINDS.Kustomization.kind: {
        const parsed = parseKustomization(manifest);
        if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
        const builds = hasSecretValues(parsed.value) ? artifacts : undefined;
        const outcome = await reconcileKustomization(readOnly(deps, seen, { builds }), parsed.value);
        return outcome.kind === "waiting" && outcome.lostArtifact === true ? { kind: "wanted", what: "send its source" } : { kind: "at-rest" };
      }
      case KINDS.Receiver.kind: {
        const parsed = parseReceiver(manifest);
        if (!parsed.ok) return { kind: "malformed", problem: parsed.problem };
        await reconcileReceiver(readOnly(deps, seen, { builds: undefined }), parsed.value);
        return { kind: "at-rest" };
      }
      case KINDS.Alert.kind:
      case KINDS.Provider.kind:
        await keepStatic(readOnly(deps, seen, { builds: undefined }), manifest);
        return { kind: "at-rest" };
      default:
        await sayNotImplemented(readOnly(deps, seen, { builds: undefined }), manifest);
        return { kind: "at-rest" };
    }
  }

  return async (manifest) => {
    try {
      return await pass(manifest);
    } catch (error) {
      return error instanceof Wanted ? { kind: "wanted", what: error.what } : { kind: "broke-off", error };
    }
  };
}

const hasSecretValues = ({ spec }: Kustomization): boolean => spec.postBuild?.substituteFrom.some(({ kind }) => kind === "Secret") === true;

function atMost(most: number): () => void {
  let made = 0;
  return () => {
    if (++made > most) throw new Wanted(`more than ${most} single reads`);
  };
}
