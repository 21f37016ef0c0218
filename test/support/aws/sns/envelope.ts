import type { MessageAttribute } from "../sqs/md5.ts";

/** One message that was published. */
export type Notification = {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly at: number;
};

const SIGNATURE = { SignatureVersion: "1", Signature: "not-signed-by-the-fake" };

/** The JSON that SQS and HTTP subscribers get. Source: SNS Developer Guide, "Amazon SNS message and JSON formats". */
export function renderEnvelope(notification: Notification, subscriptionArn: string, address: string): string {
  const attributes = Object.entries(notification.attributes);
  return JSON.stringify({
    Type: "Notification",
    MessageId: notification.id,
    TopicArn: notification.topicArn,
    Subject: notification.subject,
    Message: notification.message,
    Timestamp: new Date(notification.at).toISOString(),
    ...SIGNATURE,
    SigningCertURL: `${address}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${address}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(subscriptionArn)}`,
    MessageAttributes: attributes.length === 0 ? undefined : renderAttributes(notification),
  });
}

/** The event that a function gets. Source: Lambda Developer Guide, "Using AWS Lambda with Amazon SNS". */
export function renderLambdaEvent(notification: Notification, subscriptionArn: string, address: string): object {
  return {
    Records: [
      {
        EventVersion: "1.0",
        EventSubscriptionArn: subscriptionArn,
        EventSource: "aws:sns",
        Sns: {
          ...SIGNATURE,
          Timestamp: new Date(notification.at).toISOString(),
          SigningCertUrl: `${address}/SimpleNotificationService.pem`,
          MessageId: notification.id,
          Message: notification.message,
          MessageAttributes: renderAttributes(notification),
          Type: "Notification",
          UnsubscribeUrl: `${address}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(subscriptionArn)}`,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
        },
      },
    ],
  };
}

function renderAttributes({ attributes }: Notification): object {
  return Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, { Type: one.DataType, Value: one.StringValue ?? one.BinaryValue ?? "" }]));
}
