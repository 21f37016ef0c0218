import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";

const MAX_INT64 = 2n ** 63n - 1n;

/** A decimal integer with an optional sign; the problem in the words of Go's strconv.Atoi. */
export function atoi(text: string): Result<number> {
  if (!/^[+-]?[0-9]+$/.test(text)) return problem(`strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
  // More than 40 digits without zeros in front are too many.
  const digits = text.replace(/^[+-]?0*(?=[0-9])/, "");
  const isTooLarge = digits.length > 40 || BigInt(digits) > MAX_INT64 + (text.startsWith("-") ? 1n : 0n);
  return isTooLarge ? problem(`strconv.Atoi: parsing ${quote(text)}: value out of range`) : ok(Number(text));
}
