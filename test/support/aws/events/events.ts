import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeNumber, maybeText, recordsOf } from "../input.ts";
import { checkMembers, createJsonService } from "../protocol/json.ts";
import { type AwsRequest, type Place, placeOf } from "../request.ts";
import type { Service } from "../service.ts";

export type FakeEvents = {
  /** A bus of the fake's own account and region; says its ARN. `default` is there. */
  createBus(name: string): string;
  /** What has been put on the bus of that ARN or, in the own account and region, name. */
  put(bus: string): readonly PutEvent[];
};

export type PutEvent = { readonly id: string; readonly at: number; readonly source: string; readonly detailType: string; readonly detail: string };

type Refusal = { readonly ErrorCode: string; readonly ErrorMessage: string };

const ENTRY = ["EventBusName", "Source", "DetailType", "Detail", "Time", "Resources"];
const MOST_ENTRIES = 10;
const LARGEST_BYTES = 256 * 1024;

/** EventBridge's buses. Source: EventBridge API reference, PutEvents and its entries; User Guide, "Calculating PutEvents event entry size". */
export function createEvents(clock: AwsClock, home: Place): { readonly service: Service; readonly events: FakeEvents } {
  const buses = new Map<string, PutEvent[]>();
  const arnOf = (place: Place, bus: string): string => (bus.startsWith("arn:") ? bus : `arn:aws:events:${place.region}:${place.account}:event-bus/${bus}`);
  const busOf = (place: Place, bus: string): PutEvent[] | undefined => {
    const arn = arnOf(place, bus);
    if (arn.endsWith(":event-bus/default") && !buses.has(arn)) buses.set(arn, []);
    return buses.get(arn);
  };
  let count = 0;

  const putOne = (entry: Input, place: Place): { readonly EventId: string } | Refusal => {
    checkMembers("PutEvents", ENTRY, entry);
    const [source, detailType, detail] = ["Source", "DetailType", "Detail"].map((name) => maybeText(entry, name) ?? "");
    const missing = [["Source", source] as const, ["DetailType", detailType] as const, ["Detail", detail] as const].find(([, text]) => text === "");
    if (missing !== undefined) return invalid(`Parameter ${missing[0]} is not valid. Reason: ${missing[0]} is a required argument.`);
    if (source?.startsWith("aws.") === true) return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
    if (!isObjectText(detail ?? "")) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
    const bus = busOf(place, maybeText(entry, "EventBusName") ?? "default");
    if (bus === undefined) return invalid("EventBus does not exist.");
    count += 1;
    const id = `event-${count}`;
    bus.push({ id, at: (maybeNumber(entry, "Time") ?? clock.now() / 1000) * 1000, source: source ?? "", detailType: detailType ?? "", detail: detail ?? "" });
    return { EventId: id };
  };

  const putEvents = (input: Input, request: AwsRequest): object => {
    const entries = recordsOf(input, "Entries");
    if (entries.length < 1 || entries.length > MOST_ENTRIES)
      throw new AwsProblem(
        "ValidationException",
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MOST_ENTRIES}`,
      );
    if (entries.reduce((size, entry) => size + sizeOf(entry), 0) > LARGEST_BYTES)
      throw new AwsProblem("ValidationException", "Total size of the entries in the request is over the limit.");
    const results = entries.map((entry) => putOne(entry, placeOf(request)));
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  };

  return {
    service: createJsonService({ name: "events", target: "AWSEvents", version: "1.1", operations: { PutEvents: { members: ["Entries"], run: putEvents } } }),
    events: {
      createBus: (name) => {
        buses.set(arnOf(home, name), []);
        return arnOf(home, name);
      },
      put: (bus) => busOf(home, bus) ?? [],
    },
  };
}

const invalid = (message: string): Refusal => ({ ErrorCode: "InvalidArgument", ErrorMessage: message });

/** 14 bytes for a time, and the bytes of source, detail-type, detail and resources. */
function sizeOf(entry: Input): number {
  const texts = ["Source", "DetailType", "Detail"].map((name) => maybeText(entry, name) ?? "");
  return (entry["Time"] === undefined ? 0 : 14) + Buffer.byteLength(texts.join(""));
}

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
