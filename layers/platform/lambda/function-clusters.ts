import type { S3Client } from "@aws-sdk/client-s3";
import { minutes } from "@sluice/engine/domain/time.ts";
import { createEksConnections } from "../eks/connection.ts";
import { createS3GateAnswers } from "../s3/gate-answers.ts";
import { type ClusterAccess, createClusterAccess } from "./cluster-access.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import type { FunctionHost } from "./function-host.ts";
import { createGateInvokes } from "./gate-invokes.ts";

export type FunctionClustersOptions = {
  readonly configs: readonly ClusterConfig[];
  readonly s3: S3Client;
  readonly bucket: string;
  readonly host: FunctionHost;
};

/** The clusters of the installation, as the function's own role reaches them on AWS. */
export const createFunctionClusters = ({ configs, s3, bucket, host }: FunctionClustersOptions): ClusterAccess =>
  createClusterAccess({
    configs,
    connections: createEksConnections({ now: host.clock.now, userAgent: "sluice", ttl: minutes(15) }),
    invokeGate: createGateInvokes(),
    answers: createS3GateAnswers(s3, bucket),
    host,
  });
