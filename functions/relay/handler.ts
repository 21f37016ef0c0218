import middy from "@middy/core";
import { createRelayFunction } from "@sluice/platform/lambda/relay.ts";

const relay = createRelayFunction(process.env);

/** The queue `later`: hands on what came due. */
export const handler = middy(relay.handOn, relay.deadline).use(relay.middleware);
