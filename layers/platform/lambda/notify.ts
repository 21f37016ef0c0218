import { ms } from "@sluice/engine/domain/time.ts";
import type { SNSEvent } from "aws-lambda";
import { type EventMessage, parseEventMessage } from "../sns/event-message.ts";
import { deadline } from "./deadline.ts";
import { parseTopicEvent, type TopicMessage } from "./events.ts";
import { createFunctionHost, type FunctionHost, type HostOptions } from "./function-host.ts";

export type NotifyDeps = { readonly host: Pick<FunctionHost, "log" | "logOf" | "metrics"> };

/**
 * What Flux's events say, as log lines and metrics. Nothing here fails: SNS would send a message again that is no better the second time, and an event is
 * told, not kept. Providers and alerts come here.
 */
export function createNotify({ host }: NotifyDeps): (event: SNSEvent) => Promise<void> {
  function tell({ id, text }: TopicMessage): void {
    const parsed = parseEventMessage(text);
    if (parsed.ok) {
      report(parsed.value);
      return;
    }
    host.metrics.count("EventMalformed", 1, {});
    host.log.error("message is no event", { message: id, error: parsed.problem });
  }

  function report({ cluster, object, severity, reason, message, revision }: EventMessage): void {
    const log = host.logOf(cluster);
    const fields = { object: `${object.kind}/${object.namespace}/${object.name}`, reason, ...(revision !== "" && { revision }) };
    switch (severity) {
      case "info":
        host.metrics.count("EventInfo", 1, { cluster });
        log.info(message, fields);
        return;
      case "error":
        host.metrics.count("EventError", 1, { cluster });
        log.error(reason, { ...fields, error: message });
        return;
      case "trace":
        return; // for the cluster's own events
    }
  }

  return async (event) => parseTopicEvent(event).forEach(tell);
}

export function createNotifyFunction(options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "notify", ...options });
  return { report: createNotify({ host }), middleware: host.middleware, deadline: deadline({ early: ms(3_000), grace: ms(2_000) }) };
}
