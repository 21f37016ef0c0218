import { ms } from "@sluice/engine/domain/time.ts";
import { createGate } from "../gate/gate.ts";
import { parseAllowedHosts } from "../gate/hosts.ts";
import type { LargeAnswers } from "../gate/large-answers.ts";
import { deadline } from "./deadline.ts";
import { ENV_ARTIFACT_BUCKET, ENV_GATE_SERVERS } from "./environment.ts";
import { createFunctionHost, type HostOptions } from "./function-host.ts";
import { readVariable } from "./read-variable.ts";

/** The function inside a private cluster's VPC. It knows no engine: what its requests are for, those who send them know. */
export function createGateFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "gate", ...options });
  const bucket = readVariable(environment, ENV_ARTIFACT_BUCKET);
  const gate = createGate({
    allowed: parseAllowedHosts(readVariable(environment, ENV_GATE_SERVERS)),
    answers: () => openAnswers(bucket),
    log: host.log,
    clock: host.clock,
  });
  return {
    pass: (event: unknown, _: unknown, { signal }: { readonly signal: AbortSignal }) => gate.handle(event, signal),
    middleware: host.middleware,
    deadline: deadline({ early: ms(3_000), grace: ms(2_000) }),
    close: gate.close,
  };
}

/** Most gates never see an answer of 6 MB: S3's client is not read before one comes. */
async function openAnswers(bucket: string): Promise<LargeAnswers> {
  const [{ S3Client }, { S3_CLIENT_OPTIONS }, { createS3GateAnswers }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../s3/client-options.ts"),
    import("../s3/gate-answers.ts"),
  ]);
  return createS3GateAnswers(new S3Client({ ...S3_CLIENT_OPTIONS }), bucket);
}
