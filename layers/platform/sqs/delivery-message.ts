import type { AlertRef, Delivery, DeliveryTarget } from "@sluice/engine/domain/delivery.ts";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { NotifiedEvent, Severity } from "@sluice/engine/domain/notified-event.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import { bytesOf, cutText, withinBytes } from "../aws/cut.ts";
import { escapeUnwritable } from "./unwritable.ts";

/** What a message of the queue `deliveries` says. */
export type DeliveryMessage = {
  readonly delivery: Delivery;
  /** Not to be sent before. */
  readonly notBefore?: EpochMs;
};

const VERSION = 1;
/** What the queue takes with the reason that a dead letter carries, and an invocation with ten of them (6 MB). */
const LARGEST_BYTES = 250 * 1024;
/** Of what Alerts add to an event there is no limit but the API server's, and one tenant's must not keep the event from the others. */
const LARGEST_METADATA_BYTES = 64 * 1024;

/** The body of a message; `parseDeliveryMessage` reads it. Metadata and text that are too large for a queue are cut as those of the topic are. */
export function writeDeliveryMessage(delivery: Delivery, notBefore?: EpochMs): string {
  const { metadata = {}, ...event } = delivery.event;
  const text = bodyOf(delivery, notBefore);
  if (Buffer.byteLength(text) <= LARGEST_BYTES) return text;
  const lean: NotifiedEvent = { ...event, metadata: withinBytes(metadata, LARGEST_METADATA_BYTES), message: "" };
  const room = LARGEST_BYTES - Buffer.byteLength(bodyOf({ ...delivery, event: lean }, notBefore));
  return bodyOf({ ...delivery, event: { ...lean, message: cutText(event.message, room + bytesOf("")) } }, notBefore);
}

const bodyOf = (delivery: Delivery, notBefore: EpochMs | undefined): string =>
  escapeUnwritable(JSON.stringify({ version: VERSION, delivery: partsOf(delivery), ...(notBefore !== undefined && { notBefore }) }));

/** The parts of a delivery that belong to it, whatever else the value carries. */
function partsOf({ cluster, event, target, attempt, since, done }: Delivery): JsonObject {
  const { id, severity, timestamp, message, reason, metadata, reportingController, reportingInstance } = event;
  const { apiVersion, kind, namespace, name, uid, resourceVersion } = event.involvedObject;
  return {
    cluster,
    event: {
      id,
      involvedObject: { apiVersion, kind, namespace, name, uid, resourceVersion },
      severity,
      timestamp,
      message,
      reason,
      ...(metadata !== undefined && { metadata }),
      reportingController,
      reportingInstance,
    },
    target: targetParts(target),
    attempt,
    ...(since !== undefined && { since }),
    done,
  };
}

function targetParts(target: DeliveryTarget): JsonObject {
  switch (target.kind) {
    case "provider": {
      const { namespace, name, uid } = target.alert;
      return { kind: target.kind, alert: { namespace, name, uid }, provider: target.provider };
    }
    case "channel":
      return { kind: target.kind, name: target.name };
  }
}

/** Reads what anybody may have written into the queue: a problem names the field and says what was expected there, and shows nothing of what stands there. Never throws. */
export function parseDeliveryMessage(body: string): Result<DeliveryMessage> {
  const value = parseJson(body);
  if (!isObject(value)) return problem("expected a message as a JSON object");
  const reader = createReader();
  if (value.version !== VERSION) reader.expect("version", String(VERSION));
  const raw = reader.object("delivery", value.delivery);
  const since = raw.since === undefined ? undefined : reader.moment("delivery.since", raw.since);
  const delivery: Delivery = {
    cluster: reader.name("delivery.cluster", raw.cluster),
    event: readEvent(reader, raw.event),
    target: readTarget(reader, raw.target),
    attempt: reader.count("delivery.attempt", raw.attempt),
    ...(since !== undefined && { since }),
    done: reader.count("delivery.done", raw.done),
  };
  const notBefore = value.notBefore === undefined ? undefined : reader.moment("notBefore", value.notBefore);
  const [first] = reader.problems;
  return first === undefined ? ok({ delivery, ...(notBefore !== undefined && { notBefore }) }) : problem(first);
}

function readEvent(reader: Reader, value: Json | undefined): NotifiedEvent {
  const raw = reader.object("delivery.event", value);
  const object = reader.object("delivery.event.involvedObject", raw.involvedObject);
  const text = (field: string): string => reader.text(`delivery.event.${field}`, raw[field]);
  const ofObject = (field: string): string => reader.text(`delivery.event.involvedObject.${field}`, object[field]);
  const metadata = raw.metadata === undefined ? undefined : reader.texts("delivery.event.metadata", raw.metadata);
  return {
    id: reader.name("delivery.event.id", raw.id),
    involvedObject: {
      apiVersion: ofObject("apiVersion"),
      kind: ofObject("kind"),
      namespace: ofObject("namespace"),
      name: ofObject("name"),
      uid: ofObject("uid"),
      resourceVersion: ofObject("resourceVersion"),
    },
    severity: reader.severity("delivery.event.severity", raw.severity),
    timestamp: text("timestamp"),
    message: text("message"),
    reason: text("reason"),
    ...(metadata !== undefined && { metadata }),
    reportingController: text("reportingController"),
    reportingInstance: text("reportingInstance"),
  };
}

const NOWHERE: DeliveryTarget = { kind: "channel", name: "slack" };

function readTarget(reader: Reader, value: Json | undefined): DeliveryTarget {
  const raw = reader.object("delivery.target", value);
  switch (raw.kind) {
    case "provider":
      return { kind: "provider", alert: readAlert(reader, raw.alert), provider: reader.name("delivery.target.provider", raw.provider) };
    case "channel":
      if (raw.name === "slack" || raw.name === "amazon-q") return { kind: "channel", name: raw.name };
      reader.expect("delivery.target.name", '"slack" or "amazon-q"');
      return NOWHERE;
    default:
      reader.expect("delivery.target.kind", '"provider" or "channel"');
      return NOWHERE;
  }
}

function readAlert(reader: Reader, value: Json | undefined): AlertRef {
  const raw = reader.object("delivery.target.alert", value);
  const name = (field: string): string => reader.name(`delivery.target.alert.${field}`, raw[field]);
  return { namespace: name("namespace"), name: name("name"), uid: name("uid") };
}

type Reader = ReturnType<typeof createReader>;

/** Reads fields one by one, and gathers what is wrong with them; a field that is wrong reads as something, and nobody gets to see that. */
function createReader() {
  const problems: string[] = [];
  const expect = (field: string, wanted: string): void => void problems.push(`${field}: expected ${wanted}`);
  const checked = <Value>(
    field: string,
    wanted: string,
    value: Json | undefined,
    is: (value: Json | undefined) => value is Json & Value,
    other: Value,
  ): Value => {
    if (is(value)) return value;
    expect(field, wanted);
    return other;
  };
  return {
    problems,
    expect,
    object: (field: string, value: Json | undefined): JsonObject => checked<JsonObject>(field, "an object", value, isObject, {}),
    text: (field: string, value: Json | undefined): string => checked<string>(field, "a text", value, isText, ""),
    name: (field: string, value: Json | undefined): string => checked<string>(field, "a text that is not empty", value, isName, ""),
    texts: (field: string, value: Json | undefined) => checked<Texts>(field, "an object of texts", value, isTexts, {}),
    severity: (field: string, value: Json | undefined) => checked<Severity>(field, '"info", "error" or "trace"', value, isSeverity, "info"),
    count: (field: string, value: Json | undefined): number => checked<number>(field, "a count", value, isCount, 0),
    moment: (field: string, value: Json | undefined): EpochMs => epochMs(checked<number>(field, "milliseconds since 1970", value, isMoment, 0)),
  };
}

type Texts = { readonly [key: string]: string };

const isText = (value: Json | undefined): value is string => typeof value === "string";
const isName = (value: Json | undefined): value is string => isText(value) && value !== "";
const isTexts = (value: Json | undefined): value is Texts => isObject(value) && Object.values(value).every(isText);
const isSeverity = (value: Json | undefined): value is Severity => value === "info" || value === "error" || value === "trace";
const isCount = (value: Json | undefined): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
const isMoment = (value: Json | undefined): value is number => typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
