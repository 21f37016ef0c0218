import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { keyText, type ObjectKey } from "@sluice/engine/domain/object-key.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { escapeUnwritable } from "./unwritable.ts";

/** What a message of our queues says. */
export type Message = {
  readonly item: WorkItem;
  /** Not to be acted on before. */
  readonly notBefore?: EpochMs;
};

const VERSION = 1;

/** The body of a message; `parseMessage` reads it. */
export function writeMessage(item: WorkItem, notBefore?: EpochMs): string {
  return escapeUnwritable(JSON.stringify({ version: VERSION, item: partsOf(item), ...(notBefore !== undefined && { notBefore }) }));
}

/** The parts of an item that belong to it, whatever else the value carries. */
function partsOf(item: WorkItem): JsonObject {
  switch (item.kind) {
    case "object": {
      const { cluster, group, kind, namespace, name } = item.key;
      const { cause, look, attempt, pushedAt } = item;
      const more = { ...(attempt !== undefined && { attempt }), ...(pushedAt !== undefined && { pushedAt }) };
      return { kind: item.kind, key: { cluster, group, kind, namespace, name }, cause, look, ...more };
    }
    case "push": {
      const { repository, ref, delivery, cluster, pushedAt } = item;
      return { kind: item.kind, repository, ref, delivery, ...(cluster !== undefined && { cluster }), ...(pushedAt !== undefined && { pushedAt }) };
    }
    case "cluster":
      return { kind: item.kind, cluster: item.cluster, since: item.since, until: item.until };
  }
}

/** Reads what anybody may have written into a queue: a problem names the field and says what was expected there. Never throws. */
export function parseMessage(body: string): Result<Message> {
  const value = parseJson(body);
  if (!isObject(value)) return problem("expected a message as a JSON object");
  const reader = createReader();
  if (value.version !== VERSION) reader.expect("version", String(VERSION), value.version);
  const item = readItem(reader, value.item);
  const notBefore = value.notBefore === undefined ? undefined : reader.moment("notBefore", value.notBefore);
  const [first] = reader.problems;
  if (first !== undefined || item === undefined) return problem(first ?? "expected an item");
  return ok({ item, ...(notBefore !== undefined && { notBefore }) });
}

function readItem(reader: Reader, value: Json | undefined): WorkItem | undefined {
  if (!isObject(value)) return reader.expect("item", "an object", value);
  switch (value.kind) {
    case "object": {
      const attempt = value.attempt === undefined ? undefined : reader.count("item.attempt", value.attempt);
      return {
        kind: "object",
        key: readKey(reader, value.key),
        cause: reader.text("item.cause", value.cause),
        look: reader.text("item.look", value.look),
        ...(attempt !== undefined && { attempt }),
        ...readPushedAt(reader, value.pushedAt),
      };
    }
    case "push": {
      const cluster = value.cluster === undefined ? undefined : reader.text("item.cluster", value.cluster);
      return {
        kind: "push",
        repository: reader.text("item.repository", value.repository),
        ref: reader.text("item.ref", value.ref),
        delivery: reader.text("item.delivery", value.delivery),
        ...(cluster !== undefined && { cluster }),
        ...readPushedAt(reader, value.pushedAt),
      };
    }
    case "cluster":
      return {
        kind: "cluster",
        cluster: reader.text("item.cluster", value.cluster),
        since: reader.moment("item.since", value.since),
        until: reader.moment("item.until", value.until),
      };
    default:
      return reader.expect("item.kind", '"object", "push" or "cluster"', value.kind);
  }
}

const readPushedAt = (reader: Reader, value: Json | undefined): { readonly pushedAt?: EpochMs } =>
  value === undefined ? {} : { pushedAt: reader.moment("item.pushedAt", value) };

function readKey(reader: Reader, value: Json | undefined): ObjectKey {
  const key = isObject(value) ? value : {};
  return {
    cluster: reader.text("item.key.cluster", key.cluster),
    group: reader.text("item.key.group", key.group),
    kind: reader.text("item.key.kind", key.kind),
    namespace: reader.text("item.key.namespace", key.namespace),
    name: reader.text("item.key.name", key.name),
  };
}

type Reader = ReturnType<typeof createReader>;

/** Reads fields one by one, and gathers what is wrong with them; a field that is wrong reads as nothing. */
function createReader() {
  const problems: string[] = [];
  const expect = (field: string, wanted: string, given: Json | undefined): undefined => {
    problems.push(`${field}: expected ${wanted}, got ${shown(given)}`);
    return undefined;
  };
  const text = (field: string, value: Json | undefined): string => {
    if (typeof value === "string" && value !== "") return value;
    expect(field, "a text that is not empty", value);
    return "";
  };
  const whole = (field: string, wanted: string, value: Json | undefined): number => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    expect(field, wanted, value);
    return 0;
  };
  const count = (field: string, value: Json | undefined): number => whole(field, "a count", value);
  // A fraction is no harm: clocks have them.
  const moment = (field: string, value: Json | undefined): EpochMs => {
    if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return epochMs(value);
    expect(field, "milliseconds since 1970", value);
    return epochMs(0);
  };
  return { problems, expect, text, count, moment };
}

const SHOWN_LENGTH = 60;

/** What was given, shortened: it goes into logs and beside the message into a dead-letter queue. */
function shown(given: Json | undefined): string {
  if (given === undefined) return "nothing";
  if (typeof given !== "string" && typeof given === "object" && given !== null) return Array.isArray(given) ? "a list" : "an object";
  return JSON.stringify(typeof given === "string" ? given.slice(0, SHOWN_LENGTH) : given);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Letters that a MessageGroupId may have, as many as it may have. Source: SQS API reference, SendMessage. */
const GROUP = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** The message group: messages of one are handed out one after another. Reads well in the console where it may, else it is a hash. */
export function groupOf(item: WorkItem): string {
  const name = nameOf(item);
  return GROUP.test(name) ? name : `sha256:${hashOf([name])}`;
}

function nameOf(item: WorkItem): string {
  switch (item.kind) {
    case "object":
      return keyText(item.key);
    case "push":
      return `push/${item.cluster ?? "*"}/${item.repository}`;
    case "cluster":
      return item.cluster;
  }
}

/**
 * The MessageDeduplicationId: the queue swallows a second message with the same one for five minutes. Looks at one object that were put off to the same
 * moment are one look, whatever they were put off for: `due` is that moment.
 */
export function dedupeOf(item: WorkItem, due?: EpochMs): string {
  switch (item.kind) {
    case "object": {
      const { cluster, group, kind, namespace, name } = item.key;
      return hashOf(["object", cluster, group, kind, namespace, name, ...(due === undefined ? ["look", item.look] : ["due", due])]);
    }
    case "push":
      return hashOf(["push", item.cluster ?? null, item.repository, item.ref, item.delivery, due ?? null]);
    case "cluster":
      return hashOf(["cluster", item.cluster, item.since, item.until, due ?? null]);
  }
}

const hashOf = (parts: Json): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");
