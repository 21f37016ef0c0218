import { byBytes } from "../../../text/by-bytes.ts";
import { quote } from "../../../text/quote.ts";
import { trimSpace } from "../../../text/trim-space.ts";
import { spend } from "../../../work.ts";
import { bytesOf, stringOf, validText } from "../../go/bytes.ts";
import { printed } from "../../go/print-value.ts";
import { GoPanic } from "../../go/result.ts";
import { BOOL, mapOf, STRING, STRINGS } from "../../go/type.ts";
import { type GoValue, goMap, goStrings, isSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction, variadicFunction } from "../../template/functions.ts";
import { claimText, claimValues } from "../limits.ts";
import { abbreviate, abbreviateBoth } from "./abbreviate.ts";
import { isSpace, swapCase, toLower, toTitle, toUpper, untitle } from "./case.ts";
import { octetsOf, textOfOctets } from "./octets.ts";
import { isNotNil, show, showAll } from "./show.ts";
import { kebabCase, pascalCase, snakeCase } from "./words.ts";
import { wrap } from "./wrap.ts";

const { any, int, string } = ARG;

/** `steps` for each letter. */
const ofText = (change: (text: string) => string, steps = 2): GoFunction =>
  goFunction(
    [string],
    (text) => {
      spend(steps * text.length);
      return change(text);
    },
    STRING,
  );
const STEPS_OF_WORDS = 50;
const ofTwo = (change: (first: string, text: string) => string): GoFunction => goFunction([string, string], change, STRING);
const asks = (answer: (first: string, text: string) => boolean): GoFunction => goFunction([string, string], answer, BOOL);

/** Functions of sprig's strings.go, strings of Go, goutils and xstrings. */
export const TEXT_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  abbrev: goFunction([int, string], (width, text) => textOfOctets(abbreviate(width, octetsOf(text))), STRING),
  abbrevboth: goFunction([int, int, string], (left, right, text) => textOfOctets(abbreviateBoth(left, right, octetsOf(text))), STRING),
  camelcase: ofText(pascalCase, STEPS_OF_WORDS),
  cat: variadicFunction([], any, (values) => joinTexts(" ", values.filter(isNotNil).map(printed)), STRING),
  contains: asks((part, text) => text.includes(part)),
  hasPrefix: asks((start, text) => text.startsWith(start)),
  hasSuffix: asks((end, text) => text.endsWith(end)),
  indent: goFunction([int, string], indent, STRING),
  initials: ofText(initials),
  join: goFunction([string, any], (separator, values) => joinTexts(separator, showAll(values)), STRING),
  kebabcase: ofText(kebabCase, STEPS_OF_WORDS),
  lower: ofText(toLower),
  nindent: goFunction([int, string], (width, text) => `\n${indent(width, text)}`, STRING),
  nospace: ofText(withoutSpace),
  plural: goFunction([string, string, int], (one, many, count) => (count === 1 ? one : many), STRING),
  quote: variadicFunction(
    [],
    any,
    (values) =>
      values
        .filter(isNotNil)
        .map((value) => quoted(show(value)))
        .join(" "),
    STRING,
  ),
  repeat: goFunction([int, string], repeat, STRING),
  replace: goFunction([string, string, string], replace, STRING),
  snakecase: ofText(snakeCase, STEPS_OF_WORDS),
  sortAlpha: goFunction([any], (value) => goStrings(isSlice(value) ? sorted(showAll(value)) : [show(value)]), STRINGS),
  split: goFunction([string, string], (separator, text) => numbered(splitText(text, separator, -1)), mapOf(STRING)),
  splitList: goFunction([string, string], (separator, text) => goStrings(splitText(text, separator, -1)), STRINGS),
  splitn: goFunction([string, int, string], (separator, most, text) => numbered(splitText(text, separator, most)), mapOf(STRING)),
  squote: variadicFunction(
    [],
    any,
    (values) =>
      values
        .filter(isNotNil)
        .map((value) => `'${printed(value)}'`)
        .join(" "),
    STRING,
  ),
  substr: goFunction([int, int, string], substring, STRING),
  swapcase: ofText(swapCase),
  title: ofText(toTitle),
  toString: goFunction([any], show, STRING),
  toStrings: goFunction([any], (value) => goStrings(showAll(value)), STRINGS),
  trim: ofText(trimSpace),
  trimAll: ofTwo(trimLetters),
  trimall: ofTwo(trimLetters),
  trimPrefix: ofTwo((start, text) => (text.startsWith(start) ? text.slice(start.length) : text)),
  trimSuffix: ofTwo((end, text) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text)),
  trunc: goFunction([int, string], truncate, STRING),
  untitle: ofText(untitle),
  upper: ofText(toUpper),
  wrap: goFunction([int, string], (width, text) => textOfOctets(wrap(octetsOf(text), width, "\n", false)), STRING),
  wrapWith: goFunction([int, string, string], wrapWith, STRING),
};

/** Negative counts: how Go panics. */
function repeat(count: number, text: string): string {
  if (count < 0) throw new GoPanic("strings: negative Repeat count");
  claimText(count * text.length);
  return text === "" ? "" : joinedBytes(text.repeat(count));
}

function indent(width: number, text: string): string {
  const pad = repeat(width, " ");
  const lines = text.split("\n");
  claimText(text.length + lines.length * pad.length);
  return pad + lines.join(`\n${pad}`);
}

function replace(old: string, by: string, text: string): string {
  const parts = old === "" ? ["", ...Array.from(text), ""] : text.split(old);
  claimText(text.length + parts.length * by.length);
  return joinedBytes(parts.join(by));
}

/** Quotes of quotes double each time. */
function quoted(text: string): string {
  claimText(4 * text.length);
  return quote(text);
}

/** Texts that begin alike are compared letter by letter, each some times over. */
function sorted(texts: readonly string[]): readonly string[] {
  const times = Math.ceil(Math.log2(2 + texts.length));
  spend(times * texts.reduce((length, text) => length + text.length, 0));
  return texts.toSorted(byBytes);
}

/** Bytes that have come to stand side by side may be a letter. */
const joinedBytes = (text: string): string => (text.isWellFormed() ? text : stringOf(bytesOf(text)));

function joinTexts(separator: string, texts: readonly string[]): string {
  claimText(texts.reduce((length, text) => length + text.length + separator.length, 0));
  return joinedBytes(texts.join(separator));
}

function wrapWith(width: number, separator: string, text: string): string {
  claimText(text.length + (text.length / Math.max(1, width)) * separator.length);
  return textOfOctets(wrap(octetsOf(text), width, separator === "" ? "\n" : octetsOf(separator), true));
}

/** `most` parts; 0: none, negative: all. Without a separator every letter is a part. Source: Go strings.SplitN. */
function splitText(text: string, separator: string, most: number): readonly string[] {
  if (most === 0) return [];
  const parts = separator === "" ? Array.from(text) : text.split(separator);
  claimText(4 * parts.length);
  if (most < 0 || parts.length <= most) return parts;
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
}

function numbered(parts: readonly string[]): GoValue {
  claimValues(parts.length);
  return goMap(
    parts.map((part, index) => [`_${index}`, part]),
    mapOf(STRING),
  );
}

/** From the left, or of a negative number of bytes from the right. Source: sprig strings.go (trunc). */
function truncate(count: number, text: string): string {
  // A letter has at least one byte and at most three for each of its code units.
  if (count >= 3 * text.length) return text;
  const octets = octetsOf(text);
  if (count < 0) return octets.length + count > 0 ? textOfOctets(octets.slice(octets.length + count)) : text;
  return octets.length > count ? textOfOctets(octets.slice(0, count)) : text;
}

/** Source: sprig strings.go (substring). */
function substring(start: number, end: number, text: string): string {
  const octets = octetsOf(text);
  const { length } = octets;
  if (start < 0) return slice(octets, 0, end, length);
  return end < 0 || end > length ? slice(octets, start, length, length) : slice(octets, start, end, length);
}

function slice(octets: string, start: number, end: number, length: number): string {
  if (start === 0 && (end < 0 || end > length))
    throw new GoPanic(`runtime error: slice bounds out of range [:${end}]${end < 0 ? "" : ` with length ${length}`}`);
  if (start > end) throw new GoPanic(`runtime error: slice bounds out of range [${start}:${end}]`);
  return textOfOctets(octets.slice(start, end));
}

/** Bytes that are letters of their own in the first 256 of Unicode. Source: goutils DeleteWhiteSpace, which takes each byte for a letter. */
function withoutSpace(text: string): string {
  const octets = octetsOf(text);
  const kept = Array.from(octets).filter((octet) => !isSpace(octet));
  return kept.length === octets.length ? text : kept.join("");
}

/** The first byte of each word, as a letter. Source: goutils Initials. */
function initials(text: string): string {
  let afterSpace = true;
  return Array.from(octetsOf(text))
    .filter((octet) => {
      const isFirst = afterSpace && !isSpace(octet);
      afterSpace = isSpace(octet);
      return isFirst;
    })
    .join("");
}

/** Without the letters of `letters` at both ends. */
function trimLetters(letters: string, text: string): string {
  const cut = new Set(validText(letters));
  const all = Array.from(text);
  let start = 0;
  let end = all.length;
  while (start < end && cut.has(all[start] ?? "")) start++;
  while (end > start && cut.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}
