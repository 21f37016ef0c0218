import { S3Client } from "@aws-sdk/client-s3";
import { createEksConnections } from "@sluice/platform/eks/connection.ts";
import { createGateHttp } from "@sluice/platform/gate/gate-http.ts";
import { createGateClient, createInvokeGate } from "@sluice/platform/gate/invoke.ts";
import { S3_CLIENT_OPTIONS } from "@sluice/platform/s3/client-options.ts";
import { createS3GateAnswers } from "@sluice/platform/s3/gate-answers.ts";
import { describePorts } from "../contract/ports.ts";
import { accessRoleOf } from "./world/clusters.ts";
import { gateNameOf } from "./world/functions.ts";
import { createAwsWorld } from "./world.ts";

/** The contract of the cluster's ports, as the engine has them behind a gate: by Lambda's API, the gate's own bundle, a token of EKS, and S3 for what is large. */
describePorts(
  "a cluster behind the function gate",
  async () => {
    const spec = { name: "inner", private: true } as const;
    const world = await createAwsWorld({ clusters: [spec] });
    const { aws } = world;
    const credentials = aws.credentialsOf(accessRoleOf(aws, spec, "apply"), "contract");
    const place = { region: aws.region, endpoint: aws.url, credentials };
    const connection = await createEksConnections({ now: Date.now, clients: place }).open({ name: spec.name, region: aws.region });
    const s3 = new S3Client({ ...S3_CLIENT_OPTIONS, ...place, forcePathStyle: true });
    const http = createGateHttp(connection, {
      invoke: createInvokeGate(createGateClient(place), gateNameOf(spec.name)),
      answers: createS3GateAnswers(s3, world.bucket),
    });
    const stop = async (): Promise<void> => {
      s3.destroy();
      await world.stop();
    };
    return { connection, http, stop };
  },
  { watch: "refused" },
);
