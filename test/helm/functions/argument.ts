import { quote } from "../../../layers/engine/build/text/quote.ts";

/** Arguments as a template writes them. */
export type Argument = string;

export const NIL: Argument = "nil";
export const textArgument = (text: string): Argument => quote(text);
export const intArgument = (value: number | bigint): Argument => String(value);
export const int64Argument = (value: number | bigint): Argument => `(int64 "${value}")`;
export const floatArgument = (value: number): Argument => `(float64 "${goNumber(value)}")`;
export const boolArgument = (value: boolean): Argument => String(value);
export const listArgument = (items: readonly Argument[]): Argument => `(${["list", ...items].join(" ")})`;
/** A []string. */
export const stringsArgument = (items: readonly string[]): Argument => `(splitList "|" ${quote(items.join("|"))})`;
export const dictArgument = (entries: readonly (readonly [string, Argument])[]): Argument =>
  `(${["dict", ...entries.flatMap(([key, value]) => [quote(key), value])].join(" ")})`;
/** A map[string]string. */
export const textsDictArgument = (parts: readonly string[]): Argument => `(split "|" ${quote(parts.join("|"))})`;

function goNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
