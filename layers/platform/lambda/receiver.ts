import type { Queue } from "@sluice/engine/ports/queue.ts";
import type { ReceivedAnswer } from "@sluice/engine/reconcile/receive/exchange.ts";
import { itemsOf, type Receive } from "@sluice/engine/reconcile/receive/receive.ts";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { errorText } from "../log/log-line.ts";
import { parseHttpEvent } from "./events.ts";
import type { FunctionHost } from "./function-host.ts";

export type ReceiverDeps = {
  readonly host: Pick<FunctionHost, "log" | "metrics" | "note">;
  readonly receive: Receive;
  /** Where objects are looked at: what was annotated is looked at at once. */
  readonly queue: Queue;
};

/** Answers the webhooks of Receivers. Of a request nothing but its size is logged: its path lets whoever knows it in, and its headers may be tokens. */
export function createReceiver({ host, receive, queue }: ReceiverDeps): (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> {
  /** The annotation is there: what no queue takes, the next sweep finds. */
  async function queueLooks(answer: ReceivedAnswer): Promise<void> {
    const sent = await Promise.allSettled(itemsOf(answer).map((item) => queue.send(item)));
    const lost = sent.flatMap((end) => (end.status === "rejected" ? [errorText(end.reason)] : []));
    if (lost[0] !== undefined) host.log.error("looks were not queued, and come a minute late", { looks: lost.length, error: lost[0] });
  }

  return async (event) => {
    const { method, path, headers, body } = parseHttpEvent(event);
    const named = Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    const answer = await receive({ method, path, headers: named, body });
    await queueLooks(answer);
    host.note({ code: answer.code, bytes: body.byteLength, annotated: answer.annotated.length });
    if (answer.code === 200) host.metrics.count("HookTaken", 1, {});
    else host.metrics.count("HookRefused", 1, { reason: String(answer.code) });
    return { statusCode: answer.code, headers: { ...answer.headers }, body: answer.body };
  };
}
