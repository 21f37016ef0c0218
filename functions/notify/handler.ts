import middy from "@middy/core";
import { createNotifyFunction } from "@sluice/platform/lambda/notify.ts";

const notify = createNotifyFunction();

/** The topic of events: metrics and log lines. */
export const handler = middy(notify.report, notify.deadline).use(notify.middleware);
