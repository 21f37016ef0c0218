import middy from "@middy/core";
import { createSweepFunction } from "@sluice/platform/lambda/sweep.ts";

const sweep = createSweepFunction(process.env);

/** Every minute: a message for each cluster; and the queue `sweep.fifo`, where those messages come back. */
export const handler = middy(sweep.answer, sweep.deadline).use(sweep.middleware);
