import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "./failure.ts";
import { refusalFailure } from "./list-objects.ts";

/** The field manager of the `flux` command. */
const MANAGER = "flux";

/** The object after a merge patch. Throws a Failure with the server's words. */
export async function mergePatch(cluster: Cluster, ref: ObjectRef, merge: JsonObject, dryRun = false): Promise<Manifest> {
  const answer = await cluster.patch(ref, { body: { type: "merge", merge }, manager: MANAGER, ...(dryRun && { dryRun }) });
  switch (answer.kind) {
    case "patched":
      return answer.object;
    case "absent":
      throw new Failure(answer.message);
    case "stale":
      throw new Failure(
        `Operation cannot be fulfilled on ${ref.kind} ${JSON.stringify(ref.name)}: the object has been modified; please apply your changes to the latest version and try again`,
      );
    case "refused":
      throw refusalFailure(answer);
  }
}
