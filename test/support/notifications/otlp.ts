import type { JsonObject } from "@sluice/engine/domain/json.ts";

type Field = { readonly number: number; readonly value: bigint | Buffer };

/** A trace export request in the form of the recordings. It knows the fields that spans of notifications have. Source: opentelemetry-proto, protobuf encoding. */
export function decodeTraces(bytes: Buffer): JsonObject {
  return { resourceSpans: messages(fieldsOf(bytes), 1).map(resourceSpans) };
}

function resourceSpans(fields: readonly Field[]): JsonObject {
  return {
    resource: attributes(message(fields, 1), 1),
    schemaUrl: text(fields, 3),
    scopeSpans: messages(fields, 2).map((scoped) => ({ scope: text(message(scoped, 1), 1), spans: messages(scoped, 2).map(span) })),
  };
}

function span(fields: readonly Field[]): JsonObject {
  const status = message(fields, 15);
  return {
    traceId: bytesOf(fields, 1).toString("hex"),
    spanId: bytesOf(fields, 2).toString("hex"),
    name: text(fields, 5),
    kind: Number(scalar(fields, 6)),
    startTimeUnixNano: String(scalar(fields, 7)),
    endTimeUnixNano: String(scalar(fields, 8)),
    attributes: attributes(fields, 9),
    flags: Number(scalar(fields, 16)),
    status: { code: Number(scalar(status, 3)), ...(bytesOf(status, 2).length > 0 && { message: text(status, 2) }) },
  };
}

/** Key and AnyValue, of which only texts are known. */
const attributes = (fields: readonly Field[], number: number): JsonObject =>
  Object.fromEntries(messages(fields, number).map((pair) => [text(pair, 1), text(message(pair, 2), 1)]));

const valuesOf = (fields: readonly Field[], number: number): readonly Field["value"][] =>
  fields.filter((field) => field.number === number).map(({ value }) => value);
const messages = (fields: readonly Field[], number: number): readonly (readonly Field[])[] =>
  valuesOf(fields, number).map((value) => fieldsOf(typeof value === "bigint" ? Buffer.alloc(0) : value));
const message = (fields: readonly Field[], number: number): readonly Field[] => messages(fields, number)[0] ?? [];
const scalar = (fields: readonly Field[], number: number): bigint => {
  const [value = 0n] = valuesOf(fields, number);
  return typeof value === "bigint" ? value : 0n;
};
const bytesOf = (fields: readonly Field[], number: number): Buffer => {
  const [value = Buffer.alloc(0)] = valuesOf(fields, number);
  return typeof value === "bigint" ? Buffer.alloc(0) : value;
};
const text = (fields: readonly Field[], number: number): string => bytesOf(fields, number).toString();

function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        fields.push({ number, value: bytes.readBigUInt64LE(at) });
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        if (at + length > bytes.length) throw new Error("a field that is longer than its message");
        fields.push({ number, value: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        fields.push({ number, value: BigInt(bytes.readUInt32LE(at)) });
        at += 4;
        break;
      default:
        throw new Error(`no wire type of protobuf: ${tag & 7}`);
    }
  }
  return fields;
}
