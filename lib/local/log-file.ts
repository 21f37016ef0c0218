import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { findKindNamed } from "@sluice/engine/flux/kinds.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { type LogFields, renderLogEntry } from "@sluice/platform/log/log-line.ts";

export type LogFile = Log & { close(): Promise<void> };

/** The log of the local mode, a file of JSON lines. */
export function createLogFile(path: string, clock: Clock): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "a" });
  const write = (level: "info" | "error", message: string, fields: LogFields): void => {
    file.write(`${renderLogEntry({ level, at: clock.now(), message, fields }, (kind) => findKindNamed(kind)?.group)}\n`);
  };
  return {
    info: (message, fields) => write("info", message, fields),
    error: (message, fields) => write("error", message, fields),
    close: () => new Promise((done) => file.end(done)),
  };
}
