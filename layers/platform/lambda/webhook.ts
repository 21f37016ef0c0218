import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CLIENT_OPTIONS } from "../aws/client-options.ts";
import { answerTo, readDelivery, type VerifySignature } from "../github/delivery.ts";
import { verifySignature } from "../github/verify-signature.ts";
import { errorText } from "../log/log-line.ts";
import { createSecretCache } from "../secrets/secrets.ts";
import { createSqsQueue } from "../sqs/queue.ts";
import { deadline } from "./deadline.ts";
import { ENV_SOURCE_QUEUE, ENV_WEBHOOK_SECRET } from "./environment.ts";
import { parseHttpEvent } from "./events.ts";
import { createFunctionHost, type FunctionHost, type HostOptions } from "./function-host.ts";
import { readVariable } from "./read-variable.ts";

export type WebhookDeps = {
  readonly host: Pick<FunctionHost, "log" | "metrics" | "note">;
  readonly queue: Queue;
  readonly keys: () => Promise<readonly Secret[]>;
  readonly newerKeys: () => Promise<readonly Secret[]>;
  readonly verify: VerifySignature;
};

type Answer = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Answers deliveries of GitHub: a push becomes one item of the source queue, which drops a second one of the same delivery. Of a request that is not signed
 * nothing but its size is logged. Source: design §3, rows 1 and 2.
 */
export function createWebhook({ host, queue, keys, newerKeys, verify }: WebhookDeps): Answer {
  const answer = (code: number, text: string): APIGatewayProxyStructuredResultV2 => {
    host.note({ code });
    return { statusCode: code, headers: { "content-type": "text/plain" }, body: `${text}\n` };
  };
  const refuse = (code: number, text: string, reason: string): APIGatewayProxyStructuredResultV2 => {
    host.metrics.count("DeliveryRefused", 1, { reason });
    return answer(code, text);
  };

  async function take(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
    const { headers, body, receivedAt } = parseHttpEvent(event);
    host.note({ bytes: body.byteLength });
    const delivery = await readDelivery({ headers, body, keys, newerKeys, verify });
    host.note({ delivered: delivery.kind });
    switch (delivery.kind) {
      case "push":
        host.note({ repository: delivery.repository, ref: delivery.ref, delivery: delivery.delivery });
        await queue.send({ ...delivery, pushedAt: receivedAt });
        host.metrics.count("Push", 1, {});
        return answer(202, "accepted");
      case "ping":
      case "ignored": {
        host.note({ delivery: delivery.delivery, event: delivery.kind === "ignored" ? delivery.event : "ping" });
        const { code, text } = answerTo(delivery);
        return answer(code, text);
      }
      case "unsigned":
      case "too-large":
      case "no-delivery-id":
      case "malformed": {
        const { code, text } = answerTo(delivery);
        return refuse(code, text, delivery.kind);
      }
    }
  }

  return async (event) => {
    try {
      return await take(event);
    } catch (error) {
      // Secrets Manager, SQS or we are broken. GitHub shows the answer and can be told to deliver again; the sweep finds the push meanwhile.
      host.log.error("push was not taken", { error: errorText(error) });
      host.metrics.count("DeliveryFailed", 1, {});
      return answer(500, "not taken, send it again");
    }
  };
}

/** GitHub waits ten seconds for an answer. */
const DEADLINE = deadline({ early: ms(1_000), grace: ms(500) });

export function createWebhookFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "webhook", ...options });
  const source = readVariable(environment, ENV_SOURCE_QUEUE);
  const arn = readVariable(environment, ENV_WEBHOOK_SECRET);
  const secrets = createSecretCache({ client: new SecretsManagerClient({ ...CLIENT_OPTIONS }), now: host.clock.now });
  // Pushes go to the source queue and nowhere else.
  const queue = createSqsQueue({ client: new SQSClient({ ...CLIENT_OPTIONS }), urls: { source, apply: source, later: source }, clock: host.clock });
  const answer = createWebhook({ host, queue, keys: () => secrets.live(arn), newerKeys: () => secrets.refresh(arn), verify: verifySignature });
  return { answer, middleware: host.middleware, deadline: DEADLINE };
}
