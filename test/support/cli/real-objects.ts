import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { type Manifest, refOf } from "@sluice/engine/domain/manifest.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { valueAt } from "../../../lib/cli/fields.ts";
import type { ApiServer } from "../kubernetes/api-server.ts";

const MANAGER = "fixture";

/** Puts objects with their status into a real cluster, as an engine would have left them. */
export type Writer = {
  /** As it is in the manifest, whatever it was. */
  put(object: Manifest): Promise<void>;
  get(object: Manifest): Promise<Manifest | undefined>;
  setStatus(object: Manifest, status: JsonObject): Promise<void>;
  close(): void;
};

export function createWriter({ url, ca, admin }: ApiServer): Writer {
  const http = createHttp({ server: url, certificateAuthority: ca, clientCertificate: admin.certificate, clientKey: admin.key });
  const cluster = createCluster(http, createKinds(http));

  async function setStatus(object: Manifest, status: JsonObject): Promise<void> {
    const answer = await cluster.patch(refOf(object), { body: { type: "merge", merge: { status } }, subresource: "status", manager: MANAGER });
    if (answer.kind !== "patched") throw new Error(`status of ${object.kind}/${object.metadata.name}: ${JSON.stringify(answer)}`);
  }

  return {
    put: async (object) => {
      const { status, ...rest } = object;
      const live = await cluster.get(refOf(object));
      // What a command added (an annotation, a suspend) is no field of ours: taken away by hand.
      const added =
        live.kind === "found"
          ? { metadata: { annotations: null }, ...(valueAt(live.object, "spec", "suspend") !== undefined && { spec: { suspend: null } }) }
          : undefined;
      if (added !== undefined && object.kind !== "Namespace" && object.kind !== "Event")
        await cluster.patch(refOf(object), { body: { type: "merge", merge: added }, manager: MANAGER });
      const answer = await cluster.apply(rest as Manifest, { manager: MANAGER, force: true, dryRun: false }); // without its status it is a manifest still
      if (answer.kind === "refused") throw new Error(`${object.kind}/${object.metadata.name}: ${answer.message}`);
      if (status === undefined) return;
      const { generation } = answer.object.metadata;
      await setStatus(object, withGeneration(status as JsonObject, generation ?? 1));
    },
    get: async (object) => {
      const answer = await cluster.get(refOf(object));
      return answer.kind === "found" ? answer.object : undefined;
    },
    setStatus,
    close: http.close,
  };
}

/** The fixture speaks of generation 1, whichever this is. */
function withGeneration(status: JsonObject, generation: number): JsonObject {
  const conditions = Array.isArray(status.conditions) ? status.conditions : [];
  return {
    ...status,
    ...("observedGeneration" in status && { observedGeneration: generation }),
    ...(conditions.length > 0 && { conditions: conditions.map((condition: JsonObject) => ({ ...condition, observedGeneration: generation })) }),
  };
}
