import { EvaluationError, Optional } from "@marcbachmann/cel-js";
import { GO_ESCAPES } from "../domain/go-escapes.ts";
import type { CelFunction } from "./environment.ts";
import { formatText } from "./format-text.ts";
import { type Meter, spendOn } from "./meter.ts";

/** The functions of Flux's environment that the library lacks: optional values of lists, and the extensions strings, sets and encoders. Source: reference 0.11. */
export const fluxFunctions = (meter: Meter): readonly CelFunction[] => [
  ...ofText(meter),
  ...ofLists,
  ...ofSets(meter),
  ...ofEncoders,
  ...ofOptionals,
  ...ofTimes,
];

export const NAMESPACES: readonly string[] = ["sets", "base64", "strings"];

const failed = (message: string): Error => new EvaluationError({ code: "function_failed", message });

const ofText = (meter: Meter): readonly CelFunction[] => [
  { signature: "string.replace(string, string): string", run: (text: string, from: string, to: string) => replace(meter, text, from, to, -1n) },
  {
    signature: "string.replace(string, string, int): string",
    run: (text: string, from: string, to: string, limit: bigint) => replace(meter, text, from, to, limit),
  },
  { signature: "string.charAt(int): string", run: (text: string, index: bigint) => charAt(charactersOf(meter, text), index) },
  { signature: "string.reverse(): string", run: (text: string) => charactersOf(meter, text).toReversed().join("") },
  { signature: "string.format(list): string", run: (text: string, values: readonly unknown[]) => formatText(meter, text, values) },
  { signature: "StringsNamespace.quote(string): string", run: (_: unknown, text: string) => quote(charactersOf(meter, text)) },
];

/** A character by itself is more work, and more memory, than one of many in a text. */
function charactersOf(meter: Meter, text: string): readonly string[] {
  meter.spend(text.length / 2);
  return [...text];
}

export function replace(meter: Meter, text: string, from: string, to: string, limit: bigint): string {
  const parts = text.split(from);
  const times = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1);
  meter.spend(parts.length + (times * to.length) / 10);
  // Go puts the replacement of an empty text before, between and after the characters.
  const pieces = from === "" ? ["", ...text, ""] : parts;
  const made = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
  const tail = pieces.slice(made + 1);
  return [pieces.slice(0, made + 1).join(to), ...tail].join(from);
}

function charAt(characters: readonly string[], index: bigint): string {
  if (index < 0n || index > BigInt(characters.length)) throw failed(`index out of range: ${index}`);
  return characters[Number(index)] ?? "";
}

const quote = (characters: readonly string[]): string => `"${characters.map((character) => GO_ESCAPES.get(character) ?? character).join("")}"`;

const ofLists: readonly CelFunction[] = [
  { signature: "list<A>.first(): optional<A>", run: (list: readonly unknown[]) => (list.length === 0 ? Optional.none() : Optional.of(list[0])) },
  { signature: "list<A>.last(): optional<A>", run: (list: readonly unknown[]) => (list.length === 0 ? Optional.none() : Optional.of(list.at(-1))) },
  { signature: "list<A>.unwrapOpt(): list<dyn>", run: (list: readonly unknown[]) => unwrap(list) },
];

const unwrap = (list: readonly unknown[]): readonly unknown[] =>
  list.filter((item) => item instanceof Optional && item.hasValue()).map((item) => (item instanceof Optional ? item.value() : item));

const ofOptionals: readonly CelFunction[] = [
  {
    signature: "OptionalNamespace.ofNonZeroValue(A): optional<A>",
    run: (_: unknown, value: unknown) => (isZero(value) ? Optional.none() : Optional.of(value)),
  },
  { signature: "OptionalNamespace.unwrap(list<A>): list<dyn>", run: (_: unknown, list: readonly unknown[]) => unwrap(list) },
];

const isZero = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  value === 0n ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Map && value.size === 0);

const ofTimes: readonly CelFunction[] = [
  { signature: "string(google.protobuf.Timestamp): string", run: (time: Date) => time.toISOString().replace(/\.?0*Z$/, "Z") },
  { signature: "int(google.protobuf.Timestamp): int", run: (time: Date) => BigInt(Math.floor(time.getTime() / 1000)) },
  { signature: "string(google.protobuf.Duration): string", run: String },
];

const ofSets = (meter: Meter): readonly CelFunction[] => [
  {
    signature: "SetsNamespace.contains(list<A>, list<A>): bool",
    run: (_: unknown, list: readonly unknown[], sub: readonly unknown[]) => sub.every((item) => includes(meter, list, item)),
  },
  {
    signature: "SetsNamespace.intersects(list<A>, list<A>): bool",
    run: (_: unknown, a: readonly unknown[], b: readonly unknown[]) => a.some((item) => includes(meter, b, item)),
  },
  {
    signature: "SetsNamespace.equivalent(list<A>, list<A>): bool",
    run: (_: unknown, a: readonly unknown[], b: readonly unknown[]) =>
      a.every((item) => includes(meter, b, item)) && b.every((item) => includes(meter, a, item)),
  },
];

function includes(meter: Meter, list: readonly unknown[], item: unknown): boolean {
  return list.some((other) => {
    spendOn(meter, item);
    spendOn(meter, other);
    return isSame(item, other);
  });
}

/** CEL's equality: numbers of any type by value, lists and maps by their parts. The meter has bounded how much there is. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of the same value
  if ((typeof a === "bigint" && typeof b === "number") || (typeof a === "number" && typeof b === "bigint")) return a == b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (a instanceof Map && b instanceof Map) return a.size === b.size && [...a].every(([key, item]) => b.has(key) && isSame(item, b.get(key)));
  return false;
}

const ofEncoders: readonly CelFunction[] = [
  { signature: "Base64Namespace.encode(bytes): string", run: (_: unknown, bytes: Uint8Array) => Buffer.from(bytes).toString("base64") },
  { signature: "Base64Namespace.decode(string): bytes", run: (_: unknown, text: string) => decode(text) },
];

/** Padded or not; anything else is an error, as in Go. */
function decode(text: string): Uint8Array {
  const bare = text.replace(/[\r\n]/g, "");
  const at = bare.search(/[^A-Za-z0-9+/=]|=(?!=?$)/);
  if (at >= 0) throw failed(`illegal base64 data at input byte ${at}`);
  const digits = bare.replace(/=+$/, "");
  if (digits.length % 4 === 1 || (bare.length !== digits.length && bare.length % 4 !== 0)) throw failed(`illegal base64 data at input byte ${bare.length}`);
  return new Uint8Array(Buffer.from(digits, "base64"));
}
