import { type SetMode, setValues } from "./set-values.ts";
import type { Values } from "./values.ts";

/**
 * Sets a value at the `targetPath` of a reference, in place: as `--set` understands it, or letter by letter (`literal`). In quotes it is a text. What is
 * wrong with it, in Helm's words. Source: fluxcd/pkg chartutil, ReplacePathValue and ReplacePathLiteralValue.
 */
export function setAtPath(values: Values, path: string, value: string, isLiteral: boolean): string | undefined {
  if (isLiteral) return setValues(`${path}=${value.replace(/[\\,[\]{}]/g, "\\$&")}`, values, "text");
  const isQuoted = isBetween(value, "'") || isBetween(value, '"');
  const mode: SetMode = isQuoted ? "text" : "typed";
  return setValues(`${path}=${isQuoted ? value.replace(/^['"]+|['"]+$/g, "") : value}`, values, mode);
}

/** One sign alone is both its beginning and its end. */
const isBetween = (text: string, sign: string): boolean => text.startsWith(sign) && text.endsWith(sign);
