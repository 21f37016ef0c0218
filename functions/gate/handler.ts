import middy from "@middy/core";
import { createGateFunction } from "@sluice/platform/lambda/gate.ts";

const gate = createGateFunction(process.env);

/** Inside a private cluster's VPC: passes requests on to its API server. */
export const handler = middy(gate.pass, gate.deadline).use(gate.middleware);
