import type { IncomingMessage, ServerResponse } from "node:http";
import { artifactOf } from "@sluice/engine/flux/artifact-object.ts";
import type { ArtifactFolder } from "@sluice/platform/node/artifact-folder.ts";
import type { Watches } from "./watches.ts";

/** `/helmchart/<namespace>/<name>/web-1.2.0.tgz`: where Flux keeps what a source has now. Source: reference 0.7. */
const NAMED = /^\/([a-z]+\/[^/]+\/[^/]+\/[^/]+)$/;

/** Answers for the artifact that a source has in its status under the path that stands there; false when no source has one there. */
export const serveNamedArtifacts =
  (watches: () => Watches | undefined, artifacts: Pick<ArtifactFolder, "serve">) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = NAMED.exec(request.url ?? "")?.[1];
    if (path === undefined) return false;
    const found = (watches()?.objects() ?? []).map(artifactOf).find((artifact) => artifact?.path === path);
    if (found === undefined) return false;
    request.url = `/artifacts/${found.digest.replace(/^sha256:/, "")}.tar.gz`;
    return artifacts.serve(request, response);
  };
