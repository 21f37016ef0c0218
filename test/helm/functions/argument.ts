import { bytesOf, stringOf } from "../../../layers/engine/build/helm/go/bytes.ts";
import { quote } from "../../../layers/engine/build/helm/go/quote.ts";
import { INT64, mapOf, STRING } from "../../../layers/engine/build/helm/go/type.ts";
import { type GoValue, goInt, goMap, goSlice, goStrings } from "../../../layers/engine/build/helm/go/value.ts";

/** An argument as a template writes it, and what it is for a function. Maps are made anew each time, since functions change them. */
export type Argument = { readonly text: string; readonly value: () => GoValue };

const constant = (text: string, value: GoValue): Argument => ({ text, value: () => value });

export const NIL = constant("nil", null);
/** Bytes that together are a letter are that letter. */
export const textArgument = (text: string): Argument => constant(quote(text), stringOf(bytesOf(text)));
export const intArgument = (value: number | bigint): Argument => constant(String(value), goInt(value));
export const int64Argument = (value: number | bigint): Argument => constant(`(int64 ${quote(String(value))})`, goInt(value, INT64));
export const floatArgument = (value: number): Argument => constant(floatText(value), value);
export const boolArgument = (value: boolean): Argument => constant(String(value), value);
export const listArgument = (items: readonly Argument[]): Argument => ({
  text: `(list${items.map(({ text }) => ` ${text}`).join("")})`,
  value: () => goSlice(items.map(({ value }) => value())),
});
export const stringsArgument = (items: readonly string[]): Argument => constant(`(splitList "|" ${quote(items.join("|"))})`, goStrings(items));
export const dictArgument = (entries: readonly (readonly [string, Argument])[]): Argument => ({
  text: `(dict${entries.map(([key, { text }]) => ` ${quote(key)} ${text}`).join("")})`,
  value: () => goMap(entries.map(([key, { value }]) => [stringOf(bytesOf(key)), value()])),
});
export const textsDictArgument = (parts: readonly string[]): Argument => ({
  text: `(split "|" ${quote(parts.join("|"))})`,
  value: () =>
    goMap(
      parts.map((part, index) => [`_${index}`, part]),
      mapOf(STRING),
    ),
});

/** A constant with a point or an exponent is a float64. */
function floatText(value: number): string {
  if (Object.is(value, -0)) return '(float64 "-0")';
  if (Number.isNaN(value)) return '(float64 "nan")';
  if (!Number.isFinite(value)) return `(float64 "${value > 0 ? "inf" : "-inf"}")`;
  return `(float64 "${value}")`;
}
