import { describe, expect, it } from "vitest";
import { createProtobufDecoder } from "../../../../../lib/local/sandbox/protobuf/decode.ts";

const decode = createProtobufDecoder();

/** Field `number` with a string, bytes or message. */
const bytes = (number: number, content: Uint8Array | string): Buffer => {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([(number << 3) | 2, body.length]), body]);
};
const varint = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  message(
    Buffer.from("k8s\0"),
    bytes(1, message(bytes(1, apiVersion), bytes(2, kind))),
    Buffer.from([0x12, (raw.length & 0x7f) | (raw.length > 127 ? 0x80 : 0), ...(raw.length > 127 ? [raw.length >> 7] : [])]),
    raw,
  );

describe("protobuf bodies", () => {
  it("reads maps, bytes as base64, and times", () => {
    const metadata = message(bytes(1, "s"), bytes(8, message(varint(1, 60))), bytes(11, message(bytes(1, "app"), bytes(2, "web"))));
    const secret = message(bytes(1, metadata), bytes(2, message(bytes(1, "key"), bytes(2, "value"))), bytes(3, "Opaque"));
    expect(decode(envelope("v1", "Secret", secret))).toEqual({
      ok: true,
      value: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "s", creationTimestamp: "1970-01-01T00:01:00Z", labels: { app: "web" } },
        data: { key: Buffer.from("value").toString("base64") },
        type: "Opaque",
      },
    });
  });

  it("writes an empty time as null, and quantities and int-or-strings as JSON does", () => {
    const port = message(bytes(1, "http"), varint(3, 80), bytes(4, message(varint(1, 1), bytes(3, "web"))));
    const spec = message(bytes(1, port));
    const read = decode(envelope("v1", "Service", message(bytes(1, bytes(8, "")), bytes(2, spec))));
    expect(read).toEqual({
      ok: true,
      value: { apiVersion: "v1", kind: "Service", metadata: { creationTimestamp: null }, spec: { ports: [{ name: "http", port: 80, targetPort: "web" }] } },
    });
  });

  it("puts an embedded struct's fields where Go's JSON has them", () => {
    const volume = message(bytes(1, "v"), bytes(2, bytes(2, "")));
    const pod = message(bytes(2, bytes(1, volume)));
    expect(decode(envelope("v1", "Pod", pod))).toEqual({
      ok: true,
      value: { apiVersion: "v1", kind: "Pod", spec: { volumes: [{ name: "v", emptyDir: {} }] } },
    });
  });

  it.each<[string, Buffer]>([
    ["no magic", Buffer.from("{}")],
    ["an unknown kind", envelope("v1", "Nothing", Buffer.alloc(0))],
    ["an end in the middle", envelope("v1", "Secret", Buffer.from([0x0a, 0x7f, 0x01]))],
  ])("%s is a problem", (_name, body) => expect(decode(body).ok).toBe(false));
});
