import middy from "@middy/core";
import { createReceiverFunction } from "@sluice/platform/lambda/receiver-function.ts";

const receiver = createReceiverFunction(process.env);

/** /hook/…: the webhooks of Receivers. */
export const handler = middy(receiver.answer, receiver.deadline).use(receiver.middleware);
