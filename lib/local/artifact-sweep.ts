import { artifactOf } from "@sluice/engine/flux/artifact-object.ts";
import type { ArtifactFolder } from "@sluice/platform/node/artifact-folder.ts";
import type { Host } from "./host.ts";

const EVERY_MS = 10 * 60_000;

/** Removes artifacts that no source has any more, now and then; returns what ends that. */
export function startArtifactSweep(host: Host, artifacts: ArtifactFolder): () => void {
  const timer = setInterval(() => {
    const kept = new Set((host.watches()?.objects() ?? []).flatMap((object) => artifactOf(object)?.digest ?? []));
    // A folder that cannot be read today may be swept tomorrow.
    artifacts.sweep(kept).catch(() => undefined);
  }, EVERY_MS);
  return () => clearInterval(timer);
}
