import middy from "@middy/core";
import { createEngineFunction } from "@sluice/platform/lambda/engine-function.ts";

const apply = createEngineFunction("apply", process.env);

/** The queue `apply.fifo`: looks at what applies sources. */
export const handler = middy(apply.work, apply.deadline).use(apply.middleware);
