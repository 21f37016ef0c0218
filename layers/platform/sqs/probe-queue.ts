import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** How many messages wait in a queue, about. Throws when it is not there, or not for this caller. */
export async function countWaiting(client: SQSClient, url: string): Promise<number> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] }));
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}
