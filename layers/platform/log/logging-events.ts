import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Log } from "@sluice/engine/ports/log.ts";

/** Events, told to `sink` and to the log, as Flux's controllers do. One that cannot be written stops nobody's work: the log has it. */
export function loggingEvents(sink: EventSink, log: Log, clusterName: string): EventSink {
  const key = ({ object }: FluxEvent): string => `${clusterName}/${object.kind}/${object.namespace}/${object.name}`;
  return {
    emit: async (event) => {
      const fields = { object: key(event), reason: event.reason };
      if (event.type === "Warning") log.error(event.reason, { ...fields, error: event.message });
      else if (event.type === "Normal") log.info(event.message, fields);
      try {
        await sink.emit(event);
      } catch (error) {
        log.error("event was not written", { ...fields, error: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}
