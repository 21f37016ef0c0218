import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type EpochMs, formatTime } from "@sluice/engine/domain/time.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { cutText, withinBytes } from "../aws/cut.ts";

/** A Flux event as the topic `events` carries it. docs/events.md documents it for those who subscribe; fields may be added, none goes within a version. */
export type EventMessage = {
  readonly version: 1;
  readonly cluster: string;
  readonly object: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string };
  readonly severity: Severity;
  readonly reason: string;
  readonly message: string;
  /** What the object was or should be at: `main@sha1:…`; empty when the event is about no revision. */
  readonly revision: string;
  readonly metadata: { readonly [key: string]: string };
  /** `kustomize-controller`, `source-controller`: whose part Sluice plays. */
  readonly controller: string;
  /** RFC 3339. */
  readonly time: string;
  /** True when message or metadata were shortened to what a topic takes. */
  readonly cut?: boolean;
};

export type Severity = "info" | "error" | "trace";

/** Source: SNS API reference, Publish: a message and its attributes take 256 KiB together. */
const LARGEST_BYTES = 256 * 1024;
/** Left for the attributes, whose values are names and a reason. */
const ATTRIBUTE_BYTES = 8 * 1024;
const LARGEST_METADATA_BYTES = 64 * 1024;

export function severityOf({ type }: FluxEvent): Severity {
  switch (type) {
    case "Normal":
      return "info";
    case "Warning":
      return "error";
    case "Trace":
      return "trace";
  }
}

/** The message for an event, cut to what a topic takes: metadata that is too large goes entry by entry from its end, then the text is shortened. */
export function writeEventMessage(event: FluxEvent, cluster: string, now: EpochMs): string {
  const whole = messageOf(event, cluster, now);
  const text = JSON.stringify(whole);
  if (Buffer.byteLength(text) <= LARGEST_BYTES - ATTRIBUTE_BYTES) return text;
  const lean: EventMessage = { ...whole, metadata: withinBytes(whole.metadata, LARGEST_METADATA_BYTES), message: "", cut: true };
  const room = LARGEST_BYTES - ATTRIBUTE_BYTES - Buffer.byteLength(JSON.stringify(lean));
  return JSON.stringify({ ...lean, message: cutText(whole.message, room) });
}

function messageOf(event: FluxEvent, cluster: string, now: EpochMs): EventMessage {
  const { apiVersion, kind, namespace, name, uid } = event.object;
  return {
    version: 1,
    cluster,
    object: { apiVersion, kind, namespace, name, uid },
    severity: severityOf(event),
    reason: event.reason,
    message: event.message,
    revision: event.metadata[`${apiVersion.split("/")[0] ?? ""}/revision`] ?? "",
    metadata: event.metadata,
    controller: event.controller,
    time: formatTime(now),
  };
}

/** Reads a message of the topic; a problem names the field and what was expected there. Fields that it does not know are left out. */
export function parseEventMessage(body: string): Result<EventMessage> {
  const value = parseJson(body);
  if (!isObject(value)) return problem("expected an event as a JSON object");
  if (value.version !== 1) return problem("version: expected 1");
  if (!isObject(value.object)) return problem("object: expected an object");
  if (value.severity !== "info" && value.severity !== "error" && value.severity !== "trace") return problem('severity: expected "info", "error" or "trace"');
  if (!isTexts(value.metadata)) return problem("metadata: expected an object of texts");
  if (value.cut !== undefined && typeof value.cut !== "boolean") return problem("cut: expected true or false");
  const wrong = notText(value, ["cluster", "reason", "message", "revision", "controller", "time"]) ?? notText(value.object, OBJECT_FIELDS, "object.");
  if (wrong !== undefined) return problem(`${wrong}: expected a text`);
  const text = (from: JsonObject, field: string): string => String(from[field]);
  const [apiVersion = "", kind = "", namespace = "", name = "", uid = ""] = OBJECT_FIELDS.map((field) => text(value.object as JsonObject, field));
  return ok({
    version: 1,
    cluster: text(value, "cluster"),
    object: { apiVersion, kind, namespace, name, uid },
    severity: value.severity,
    reason: text(value, "reason"),
    message: text(value, "message"),
    revision: text(value, "revision"),
    metadata: value.metadata,
    controller: text(value, "controller"),
    time: text(value, "time"),
    ...(value.cut !== undefined && { cut: value.cut }),
  });
}

const OBJECT_FIELDS = ["apiVersion", "kind", "namespace", "name", "uid"];

const notText = (from: JsonObject, fields: readonly string[], prefix = ""): string | undefined => {
  const wrong = fields.find((field) => typeof from[field] !== "string");
  return wrong === undefined ? undefined : prefix + wrong;
};

const isTexts = (value: Json | undefined): value is { readonly [key: string]: string } =>
  isObject(value) && Object.values(value).every((text) => typeof text === "string");

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
