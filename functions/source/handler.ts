import middy from "@middy/core";
import { createEngineFunction } from "@sluice/platform/lambda/engine-function.ts";

const source = createEngineFunction("source", process.env);

/** The queue `source.fifo`: pushes, and looks at sources. */
export const handler = middy(source.work, source.deadline).use(source.middleware);
