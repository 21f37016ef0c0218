import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { groupOf, versionOf } from "@sluice/engine/domain/manifest.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { createMessages, type FieldType, type Message, type MessageField, messageName } from "./messages.ts";
import { createReader, type Wire } from "./wire.ts";

const MAGIC = Buffer.from("k8s\0");
const META = "k8s.io.apimachinery.pkg.apis.meta.v1";
const RUNTIME = "k8s.io.apimachinery.pkg.runtime";
const MAX_DEPTH = 100;

/** How an object travels: its type, then its bytes. Source: apimachinery runtime.Unknown, and the magic before it. */
const ENVELOPE: Message = new Map<number, MessageField>([
  [1, { name: "typeMeta", form: "single", type: { kind: "message", name: `${RUNTIME}.TypeMeta` } }],
  [2, { name: "raw", form: "single", type: { kind: "bytes" } }],
]);
const TYPE_META: Message = new Map<number, MessageField>([
  [1, { name: "apiVersion", form: "single", type: { kind: "string" } }],
  [2, { name: "kind", form: "single", type: { kind: "string" } }],
]);

/** Messages that JSON writes in a way of their own. */
const SPECIAL: { readonly [name: string]: (fields: JsonObject) => Json } = {
  "k8s.io.apimachinery.pkg.api.resource.Quantity": ({ string }) => string ?? "0",
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString": ({ type, intVal, strVal }) => (type === 1 ? (strVal ?? "") : (intVal ?? 0)),
  [`${META}.Time`]: ({ seconds }) => (seconds === undefined ? null : `${timeText(Number(seconds), 0).slice(0, 19)}Z`),
  [`${META}.MicroTime`]: ({ seconds, nanos }) => (seconds === undefined ? null : timeText(Number(seconds), Number(nanos ?? 0))),
  [`${META}.Duration`]: ({ duration }) => `${Number(duration ?? 0) / 1e9}s`,
  [`${META}.FieldsV1`]: ({ Raw }) => rawJson(Raw),
  [`${RUNTIME}.RawExtension`]: ({ raw }) => rawJson(raw),
  [`${META}.Verbs`]: ({ items }) => items ?? [],
  "k8s.io.api.authentication.v1.ExtraValue": ({ items }) => items ?? [],
  "k8s.io.api.authorization.v1.ExtraValue": ({ items }) => items ?? [],
  "k8s.io.api.certificates.v1.ExtraValue": ({ items }) => items ?? [],
};

const timeText = (seconds: number, nanos: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos).padStart(9, "0").slice(0, 6)}Z`;

function rawJson(base64: Json | undefined): Json {
  if (typeof base64 !== "string") return null;
  const parsed: Json = JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  return parsed;
}

export type ProtobufDecoder = (body: Uint8Array) => Result<JsonObject>;

/** Bodies in application/vnd.kubernetes.protobuf, as client-go sends them for built-in kinds, into the JSON that they mean. */
export function createProtobufDecoder(): ProtobufDecoder {
  const messages = createMessages();

  const decodeMessage = (name: string, bytes: Uint8Array, depth: number): Json => {
    if (depth > MAX_DEPTH) throw new Error("nested too deeply");
    const message = name === `${RUNTIME}.TypeMeta` ? TYPE_META : messages(name);
    if (message === undefined) throw new Error(`no message ${name}`);
    const fields = decodeFields(message, bytes, depth);
    const special = SPECIAL[name];
    return special === undefined ? fields : special(fields);
  };

  const decodeFields = (message: Message, bytes: Uint8Array, depth: number): JsonObject => {
    const made = new Map<string, Json>();
    for (const { number, wire } of createReader(bytes)) {
      const field = message.get(number);
      if (field !== undefined) addField(made, field, wire, depth);
    }
    return Object.fromEntries(made);
  };

  const addField = (made: Map<string, Json>, field: MessageField, wire: Wire, depth: number): void => {
    const { name, form, type } = field;
    const before = made.get(name);
    if (form === "map") {
      const entry = decodeFields(entryOf(type), wire.kind === "bytes" ? wire.bytes : new Uint8Array(), depth + 1);
      const key = String(entry.key ?? "");
      if (key !== "__proto__") made.set(name, { ...(isObject(before) ? before : {}), [key]: entry.value ?? emptyOf(type) });
      return;
    }
    const value = decodeValue(type, wire, depth);
    if (form === "repeated") made.set(name, [...(isArray(before) ? before : []), value]);
    else if (name === "") for (const [inner, item] of Object.entries(isObject(value) ? value : {})) made.set(inner, item);
    else made.set(name, value);
  };

  const decodeValue = (type: FieldType, wire: Wire, depth: number): Json => {
    const bytes = wire.kind === "bytes" ? wire.bytes : new Uint8Array();
    switch (type.kind) {
      case "string":
        return Buffer.from(bytes).toString("utf8");
      case "bytes":
        return Buffer.from(bytes).toString("base64");
      case "integer":
        return wire.kind === "varint" ? Number(BigInt.asIntN(64, wire.value)) : 0;
      case "boolean":
        return wire.kind === "varint" && wire.value !== 0n;
      case "double":
        return wire.kind === "fixed64" ? wire.value : 0;
      case "message":
        return decodeMessage(type.name, bytes, depth + 1);
    }
  };

  return (body) => {
    if (!Buffer.from(body.subarray(0, 4)).equals(MAGIC))
      return problem("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    try {
      const { typeMeta, raw } = decodeFields(ENVELOPE, body.subarray(4), 0);
      const apiVersion = isObject(typeMeta) && typeof typeMeta.apiVersion === "string" ? typeMeta.apiVersion : "";
      const kind = isObject(typeMeta) && typeof typeMeta.kind === "string" ? typeMeta.kind : "";
      const name = kind === "DeleteOptions" ? `${META}.DeleteOptions` : messageName(groupOf(apiVersion), versionOf(apiVersion), kind);
      const object = decodeMessage(name, Buffer.from(typeof raw === "string" ? raw : "", "base64"), 0);
      return ok({ apiVersion, kind, ...(isObject(object) ? object : {}) });
    } catch (error) {
      return problem(error instanceof Error ? error.message : String(error));
    }
  };
}

/** A map is a list of these. */
const entryOf = (type: FieldType): Message =>
  new Map<number, MessageField>([
    [1, { name: "key", form: "single", type: { kind: "string" } }],
    [2, { name: "value", form: "single", type }],
  ]);

/** What a value is that was not written, as it is empty. */
function emptyOf(type: FieldType): Json {
  switch (type.kind) {
    case "string":
    case "bytes":
      return "";
    case "integer":
    case "double":
      return 0;
    case "boolean":
      return false;
    case "message":
      return {};
  }
}
