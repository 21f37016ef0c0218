import { watch } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, fileProblem } from "../file-problem.ts";
import { Failure } from "./failure.ts";
import { type LogFilter, renderLogLine } from "./log-line.ts";

export type ReadLog = {
  readonly path: string;
  readonly filter: LogFilter;
  readonly follow: boolean;
  /** Only so many of the lines that the log has now, before the filter, as with the log of a Pod. */
  readonly tail?: number;
  readonly signal: AbortSignal;
};

const CHUNK = 1024 * 1024;
const LINE_END = 10;
/** A look at least so often: not every file system tells of changes. */
const LOOK_MS = 500;

/** Prints what the log has, then, where asked for, what comes to it. False when there is no log. */
export async function readLog({ path, filter, follow, tail, signal }: ReadLog, print: (text: string) => void): Promise<boolean> {
  const first = await readLines(path, 0);
  if (first === undefined) return false;
  const show = (lines: readonly string[]): void => {
    for (const line of lines) print(renderLogLine(line, filter) ?? "");
  };
  show(tail === undefined ? first.lines : first.lines.slice(Math.max(0, first.lines.length - tail)));
  let at = first.end;
  while (follow && !signal.aborted) {
    await changeOf(path, signal);
    const next = await readLines(path, at);
    show(next?.lines ?? []);
    at = next?.end ?? 0;
  }
  return true;
}

/**
 * The whole lines from `start` on, and where they end: half a line is left for the next look. A log that is shorter than `start` is a new one
 * and is read from its beginning. Undefined when there is no log.
 */
async function readLines(path: string, start: number): Promise<{ readonly lines: readonly string[]; readonly end: number } | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new Failure(`failed to read the log: ${fileProblem(path, error)}`);
  });
  if (file === undefined) return undefined;
  try {
    const from = (await file.stat()).size < start ? 0 : start;
    const parts: Buffer[] = [];
    for (let at = from; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    const bytes = Buffer.concat(parts);
    const whole = bytes.subarray(0, bytes.lastIndexOf(LINE_END) + 1);
    return { lines: whole.toString("utf8").split("\n").slice(0, -1), end: from + whole.length };
  } finally {
    await file.close();
  }
}

/** Ends when something in the log's folder changes, or after half a second. */
function changeOf(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(dirname(path), end);
    const timer = setTimeout(end, LOOK_MS);
    watcher.on("error", end);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      watcher.close();
      signal.removeEventListener("abort", end);
      done();
    }
  });
}
