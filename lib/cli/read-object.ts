import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Settings } from "./cli.ts";
import { Failure } from "./failure.ts";
import type { FluxType } from "./flux-types.ts";
import { refusalFailure } from "./list-objects.ts";

export const refOfType = ({ apiVersion, facts }: FluxType, { namespace }: Pick<Settings, "namespace">, name: string): ObjectRef => ({
  apiVersion,
  kind: facts.kind,
  namespace,
  name,
});

/** The object. Throws a Failure with the server's words when it is not there. */
export async function readObject(cluster: Cluster, ref: ObjectRef): Promise<Manifest> {
  const answer = await cluster.get(ref);
  switch (answer.kind) {
    case "found":
      return answer.object;
    case "absent":
      throw new Failure(answer.message);
    case "refused":
      throw refusalFailure(answer);
  }
}
