import { bytesField, fixed32Field, fixed64Field, message, varintField } from "./protobuf.ts";

/** One span of one resource. */
export type SpanOfAlert = {
  readonly resource: Attributes;
  readonly scope: string;
  readonly schemaUrl: string;
  readonly span: {
    readonly traceId: Uint8Array;
    readonly spanId: Uint8Array;
    readonly name: string;
    /** Nanoseconds since 1970. */
    readonly start: bigint;
    readonly end: bigint;
    readonly attributes: Attributes;
    readonly status: { readonly kind: "ok" } | { readonly kind: "error"; readonly message: string };
  };
};

type Attributes = { readonly [key: string]: string };

const INTERNAL = 1;
const OK = 1;
const ERROR = 2;
/** Sampled (1), and known (256) not to have a parent in another process (512). Source: opentelemetry-proto, SpanFlags; recorded: 769. */
const FLAGS = 0x301;

/** The body of an OTLP/HTTP request for traces. Source: opentelemetry-proto, ExportTraceServiceRequest and trace.proto; the numbers are theirs. */
export function traceRequest({ resource, scope, schemaUrl, span }: SpanOfAlert): Uint8Array {
  const scopeSpans = message(bytesField(1, message(bytesField(1, scope))), bytesField(2, spanMessage(span)));
  const resourceSpans = message(bytesField(1, message(...keyValues(1, resource))), bytesField(2, scopeSpans), bytesField(3, schemaUrl));
  return message(bytesField(1, resourceSpans));
}

const spanMessage = ({ traceId, spanId, name, start, end, attributes, status }: SpanOfAlert["span"]): Uint8Array =>
  message(
    bytesField(1, traceId),
    bytesField(2, spanId),
    bytesField(5, name),
    varintField(6, INTERNAL),
    fixed64Field(7, start),
    fixed64Field(8, end),
    ...keyValues(9, attributes),
    bytesField(15, status.kind === "ok" ? message(varintField(3, OK)) : message(bytesField(2, status.message), varintField(3, ERROR))),
    fixed32Field(16, FLAGS),
  );

/** Texts only: a KeyValue's value is an AnyValue, of which a text is field 1. */
const keyValues = (number: number, attributes: Attributes): readonly Uint8Array[] =>
  Object.entries(attributes).map(([key, value]) => bytesField(number, message(bytesField(1, key), bytesField(2, message(bytesField(1, value))))));
