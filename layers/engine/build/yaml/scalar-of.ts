import { type Node, scalar } from "../node/node.ts";
import { writeNumber } from "./number.ts";
import { readNumber } from "./number-text.ts";
import { readTimestamp } from "./timestamp.ts";

/**
 * What a text without quotes is in a manifest: `5`, `true`, `null`, or a written scalar where the text is not the one that the value is written
 * with (`0644`, `1e3`, `True`, a date); most texts are themselves. `yes` and `on` are text.
 * Source: go-yaml v3 resolve.go and what kyaml's MarshalJSON makes of the result.
 */
export function scalarOf(text: string): Node {
  const first = text.charCodeAt(0);
  // Digits, signs and the point; then the first letters of the words.
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) return numberOf(text);
  if (text.length > LONGEST_WORD) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

const LONGEST_WORD = 5;
const WORDS: ReadonlyMap<string, Node> = new Map<string, Node>([
  ...["", "~", "null", "Null", "NULL"].map((text): [string, Node] => [text, null]),
  ["true", true],
  ["false", false],
  ...["True", "TRUE"].map((text): [string, Node] => [text, scalar(text, true)]),
  ...["False", "FALSE"].map((text): [string, Node] => [text, scalar(text, false)]),
]);

const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ...[".nan", ".NaN", ".NAN"].map((text): [string, number] => [text, Number.NaN]),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text): [string, number] => [text, Number.POSITIVE_INFINITY]),
  ...["-.inf", "-.Inf", "-.INF"].map((text): [string, number] => [text, Number.NEGATIVE_INFINITY]),
]);

const SMALL_INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

function numberOf(text: string): Node {
  if (SMALL_INTEGER.test(text)) return Number(text);
  const special = NOT_FINITE.get(text);
  if (special !== undefined) return scalar(text, special);
  const time = readTimestamp(text);
  if (time !== undefined) return timeOf(text, time === "unwritable" ? undefined : time.json);
  const number = readNumber(text);
  if (number === undefined) return text;
  if (number.kind === "integer") return typeof number.value === "bigint" ? scalar(text, number.value) : written(text, number.value);
  return fractionOf(text, number.value);
}

const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** A whole number in form of a fraction (`1e3`, `2.0`) becomes an integer on the way through JSON, with the digits that Go's shortest form has. */
function fractionOf(text: string, value: number): Node {
  if (Number.isSafeInteger(value)) return written(text, value === 0 ? 0 : value);
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 64) return written(text, value);
  const digits = BigInt(String(value));
  return digits >= MIN_INT64 && digits <= MAX_UINT64 ? scalar(text, digits) : written(text, value);
}

/** A time that cannot be written has its own text as value, which no other written scalar has. */
const timeOf = (text: string, json: string | undefined): Node => (json === text ? text : scalar(text, json ?? text));

const written = (text: string, value: number): Node => (writeNumber(value) === text ? value : scalar(text, value));
