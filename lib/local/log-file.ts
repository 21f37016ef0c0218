import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Json } from "@sluice/engine/domain/json.ts";
import { findKindNamed } from "@sluice/engine/flux/kinds.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Log } from "@sluice/engine/ports/log.ts";

type Fields = { readonly [field: string]: Json | undefined };

export type LogFile = Log & { close(): Promise<void> };

/**
 * The log of the local mode: JSON lines with the fields that Flux's controllers write, so that `sluice logs` and whoever reads Flux's
 * logs read these. Source: reference 6.7, 8.
 */
export function createLogFile(path: string, clock: Clock): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "a" });
  const write = (level: "info" | "error", msg: string, { object, ...rest }: Fields): void => {
    file.write(`${JSON.stringify({ level, ts: new Date(clock.now()).toISOString(), msg, ...named(object), ...rest })}\n`);
  };
  return {
    info: (message, fields) => write("info", message, fields),
    error: (message, fields) => write("error", message, fields),
    close: () => new Promise((done) => file.end(done)),
  };
}

/** `Kustomization/apps/web`, with the cluster before it or not, as the fields by which Flux's logs name an object. */
function named(object: Json | undefined): Fields {
  if (typeof object !== "string") return {};
  const [controllerKind = "", namespace = "", name = ""] = object.split("/").slice(-3);
  const kind = findKindNamed(controllerKind);
  if (kind === undefined) return { object };
  return { controller: controllerKind.toLowerCase(), controllerGroup: kind.group, controllerKind, namespace, name };
}

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
