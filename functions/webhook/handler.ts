import middy from "@middy/core";
import { createWebhookFunction } from "@sluice/platform/lambda/webhook.ts";

const webhook = createWebhookFunction(process.env);

/** POST /github: takes pushes. */
export const handler = middy(webhook.answer, webhook.deadline).use(webhook.middleware);
