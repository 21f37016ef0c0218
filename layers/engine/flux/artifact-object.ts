import { type Artifact, revision } from "../domain/artifact.ts";
import type { Manifest } from "../domain/manifest.ts";
import { partOf } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

/** `status.artifact` of any source, or undefined when there is none that could be fetched. Source: reference 0.7. */
export const artifactOf = (manifest: Manifest): Artifact | undefined => artifactIn(createReader(partOf(manifest, "status"), "status", ignore));

export const artifactIn = (status: Reader): Artifact | undefined => status.soundOne("artifact", readArtifact);

export const readArtifact = (artifact: Reader): Artifact =>
  given({
    path: artifact.requiredText("path"),
    url: artifact.requiredText("url"),
    revision: revision(artifact.requiredText("revision")),
    digest: artifact.requiredText("digest"),
    lastUpdateTime: artifact.text("lastUpdateTime") ?? "",
    size: artifact.whole("size") ?? 0,
    metadata: artifact.textMap("metadata"),
  });
