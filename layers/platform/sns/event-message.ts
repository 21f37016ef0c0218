import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { InvolvedObject, NotifiedEvent, Severity } from "@sluice/engine/domain/notified-event.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { cutMessage } from "@sluice/engine/events/notified-event.ts";
import { cutText, withinBytes } from "../aws/cut.ts";

/** A Flux event as the topic `events` carries it. docs/events.md documents it for those who subscribe; fields may be added, none goes within a version. */
export type EventMessage = {
  readonly version: 1;
  /** The same in each copy of the message, and in no other. */
  readonly id: string;
  readonly cluster: string;
  readonly object: InvolvedObject;
  readonly severity: Severity;
  readonly reason: string;
  readonly message: string;
  /** What the object was or should be at: `main@sha1:…`; empty when the event is about no revision. */
  readonly revision: string;
  readonly metadata: { readonly [key: string]: string };
  /** `kustomize-controller`, `source-controller`: whose part Sluice plays. */
  readonly controller: string;
  readonly reportingInstance: string;
  /** RFC 3339. */
  readonly time: string;
  /** True when message or metadata were shortened to what a topic takes. */
  readonly cut?: boolean;
};

/** Source: SNS API reference, Publish: a message and its attributes take 256 KiB together. */
const LARGEST_BYTES = 256 * 1024;
/** Left for the attributes, whose values are names and a reason. */
const ATTRIBUTE_BYTES = 8 * 1024;
const LARGEST_METADATA_BYTES = 64 * 1024;

/** The message for an event, cut to what a topic takes: metadata that is too large goes entry by entry from its end, then the text is shortened. */
export function writeEventMessage(event: NotifiedEvent, cluster: string): string {
  const whole = messageOf(event, cluster);
  const text = JSON.stringify(whole);
  if (Buffer.byteLength(text) <= LARGEST_BYTES - ATTRIBUTE_BYTES) return text;
  const lean: EventMessage = { ...whole, metadata: withinBytes(whole.metadata, LARGEST_METADATA_BYTES), message: "", cut: true };
  const room = LARGEST_BYTES - ATTRIBUTE_BYTES - Buffer.byteLength(JSON.stringify(lean));
  return JSON.stringify({ ...lean, message: cutText(whole.message, room) });
}

function messageOf(event: NotifiedEvent, cluster: string): EventMessage {
  const { apiVersion, kind, namespace, name, uid, resourceVersion } = event.involvedObject;
  const { metadata = {} } = event;
  return {
    version: 1,
    id: event.id,
    cluster,
    object: { apiVersion, kind, namespace, name, uid, resourceVersion },
    severity: event.severity,
    reason: event.reason,
    message: event.message,
    // What an Alert lets through has its keys without the prefix.
    revision: metadata[`${apiVersion.split("/")[0] ?? ""}/revision`] ?? metadata["revision"] ?? "",
    metadata,
    controller: event.reportingController,
    reportingInstance: event.reportingInstance,
    time: event.timestamp,
  };
}

/** The event that a message tells of: the topic carries more of a long text than anybody is notified of. An event never has metadata that is empty. */
export function notifiedEventOf(message: EventMessage): NotifiedEvent {
  const { id, object, severity, reason, message: text, metadata, controller, reportingInstance, time } = message;
  return {
    id,
    involvedObject: object,
    severity,
    timestamp: time,
    message: cutMessage(text),
    reason,
    ...(Object.keys(metadata).length > 0 && { metadata }),
    reportingController: controller,
    reportingInstance,
  };
}

/**
 * Reads a message of the topic; a problem names the field and what was expected there. Fields that it does not know are left out; those that older messages
 * have not are made up, the id of what the message says, so that a copy has the same.
 */
export function parseEventMessage(body: string): Result<EventMessage> {
  const value = parseJson(body);
  if (!isObject(value)) return problem("expected an event as a JSON object");
  if (value.version !== 1) return problem("version: expected 1");
  if (!isObject(value.object)) return problem("object: expected an object");
  if (value.severity !== "info" && value.severity !== "error" && value.severity !== "trace") return problem('severity: expected "info", "error" or "trace"');
  if (!isTexts(value.metadata)) return problem("metadata: expected an object of texts");
  if (value.cut !== undefined && typeof value.cut !== "boolean") return problem("cut: expected true or false");
  const all: JsonObject = { id: createHash("sha256").update(body).digest("hex"), reportingInstance: value.controller ?? null, ...value };
  const object: JsonObject = { resourceVersion: "", ...value.object };
  const wrong = notText(all, FIELDS) ?? notText(object, OBJECT_FIELDS, "object.");
  if (wrong !== undefined) return problem(`${wrong}: expected a text`);
  const text = (field: string): string => String(all[field]);
  const ofObject = (field: string): string => String(object[field]);
  return ok({
    version: 1,
    id: text("id"),
    cluster: text("cluster"),
    object: {
      apiVersion: ofObject("apiVersion"),
      kind: ofObject("kind"),
      namespace: ofObject("namespace"),
      name: ofObject("name"),
      uid: ofObject("uid"),
      resourceVersion: ofObject("resourceVersion"),
    },
    severity: value.severity,
    reason: text("reason"),
    message: text("message"),
    revision: text("revision"),
    metadata: value.metadata,
    controller: text("controller"),
    reportingInstance: text("reportingInstance"),
    time: text("time"),
    ...(value.cut !== undefined && { cut: value.cut }),
  });
}

const FIELDS = ["id", "cluster", "reason", "message", "revision", "controller", "reportingInstance", "time"];
const OBJECT_FIELDS = ["apiVersion", "kind", "namespace", "name", "uid", "resourceVersion"];

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
