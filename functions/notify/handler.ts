import middy from "@middy/core";
import { createNotifyFunction } from "@sluice/platform/lambda/notify-function.ts";

const notify = createNotifyFunction(process.env);

/** The topic of events, and the queue `deliveries`: notifications. */
export const handler = middy(notify.answer, notify.deadline).use(notify.middleware);
