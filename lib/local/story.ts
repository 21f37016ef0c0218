import type { Json } from "@sluice/engine/domain/json.ts";
import { type Place, placeText } from "@sluice/engine/domain/place.ts";
import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import type { Log } from "@sluice/engine/ports/log.ts";

/** Tells a person what happens, line by line: `►` doing, `◎` waiting, `✔` done, `✗` failed, `✉` told somebody else. */
export type Story = {
  doing(text: string): void;
  waiting(text: string): void;
  done(text: string): void;
  failed(text: string): void;
  message(text: string): void;
  /** Where the cause of what has failed stands: below the line that tells of `subject` when that was the last one. */
  place(subject: string, place: string): void;
};

export function createStory(write: (line: string) => void): Story {
  let last = "";
  const tell = (glyph: string) => (text: string) => {
    last = text;
    write(`${glyph} ${indented(text)}\n`);
  };
  const failed = tell("✗");
  const place = (subject: string, at: string): void => (last.startsWith(`${subject}: `) ? write(`  at ${at}\n`) : failed(`${subject}: at ${at}`));
  return { doing: tell("►"), waiting: tell("◎"), done: tell("✔"), failed, message: tell("✉"), place };
}

const indented = (text: string): string => text.trimEnd().replaceAll("\n", "\n  ");

/** A dependent says that it waits at each push, and is woken a moment later: only who still waits after this is worth a line. */
const WAITS_MS = 1000;

/** Flux's events as part of the story; `stop` forgets what was still to be told. */
export function tellingEvents(story: Story): EventSink & { stop(): void } {
  const waiting = new Map<string, NodeJS.Timeout>();
  const forget = (subject: string): void => {
    clearTimeout(waiting.get(subject));
    waiting.delete(subject);
  };
  return {
    emit: (event) => {
      if (event.type === "Trace") return Promise.resolve();
      const subject = `${event.object.kind}/${event.object.namespace}/${event.object.name}`;
      const line = `${subject}: ${event.message}`;
      forget(subject);
      if (event.type === "Warning") story.failed(line);
      else if (!isWaiting(event)) story.done(line);
      else waiting.set(subject, setTimeout(() => story.waiting(line), WAITS_MS).unref());
      return Promise.resolve();
    },
    stop: () => {
      for (const subject of [...waiting.keys()]) forget(subject);
    },
  };
}

const isWaiting = ({ reason }: FluxEvent): boolean => reason === "DependencyNotReady";

/** What broke off without an event, such as an API server that went away: told once of each kind or object, until it is something else. */
const BROKE_OFF = new Set(["run broke off", "watch broke off"]);

/** Tells what breaks off without an event, and where in a repository the cause of a failed build stands, which Flux's events do not say. */
export function tellingTroubles(log: Log, story: Story): Log {
  const last = new Map<string, string>();
  const places = new Map<string, string>();
  return {
    info: (message, fields) => {
      log.info(message, fields);
      const subject = subjectOf(fields.object);
      const at = fields.outcome === "failed" ? placeOf(fields) : undefined;
      // The event that tells of it is not sent again while nothing changes.
      const said = `${textOf(fields.message)} ${at === undefined ? "" : placeText(at)}`;
      if (at !== undefined && places.get(subject) !== said) story.place(subject, placeText(at));
      if (at !== undefined) places.set(subject, said);
      else if (fields.outcome !== undefined) places.delete(subject);
    },
    error: (message, fields) => {
      log.error(message, fields);
      const subject = textOf(fields.object ?? fields.kind);
      const error = textOf(fields.error).trim();
      if (!BROKE_OFF.has(message) || error === last.get(subject)) return;
      last.set(subject, error);
      story.failed(`${subject}: ${error}; it is tried again`);
    },
  };
}

/** Of `cluster/Kind/namespace/name`, as passes are logged, without the cluster. */
const subjectOf = (object: Json | undefined): string => textOf(object).replace(/^[^/]*\//, "");

function placeOf({ file, line, field }: { readonly [name: string]: Json | undefined }): Place | undefined {
  if (typeof file !== "string") return undefined;
  return { file, ...(typeof line === "number" && { line }), ...(typeof field === "string" && { field }) };
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));
