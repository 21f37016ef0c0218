import { quote, quoteCharacter } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { atoi } from "./atoi.ts";
import { goTypeOf, isList, isTable, type Value, type Values } from "./values.ts";

/** Of an index. */
const MAX_INDEX = 65_536;
/** Of dots in a name. */
const MAX_NESTED = 30;
/** Of lists in lists; Helm has no limit there. */
const MAX_LISTS = 500;

/** `text`: every value is a text. `typed`: true, false, null and whole numbers are what they look like. */
export type SetMode = "typed" | "text";

/** `end`: the text is over, which may be all right. */
type Fault = "end" | { readonly problem: string };

/** What is left of a text. */
type Reading = { readonly letters: readonly string[]; at: number; readonly mode: SetMode };

/**
 * Sets what `text` says (`a.b[0].c=1,d={x,y}`) in `into`, in place. What is wrong with it, in Helm's words; then some of it may be set. Source: Helm,
 * strvals ParseInto and ParseIntoString.
 */
export function setValues(text: string, into: Values, mode: SetMode): string | undefined {
  spend(text.length);
  const reading: Reading = { letters: [...text], at: 0, mode };
  for (;;) {
    const fault = setKey(reading, into, 0);
    if (fault === "end") return undefined;
    if (fault !== undefined) return fault.problem;
  }
}

const wrong = (problem: string): Fault => ({ problem });

/** What Go says when a value is of another type than its code takes for granted. */
const notA = (value: Value, wanted: string): Fault => wrong(`unable to parse key: interface conversion: interface {} is ${goTypeOf(value)}, not ${wanted}`);

/** The letters before the next of `stops`, and which it is; undefined at the end. A backslash makes a letter of whatever follows. */
function readUntil(reading: Reading, stops: string): { readonly text: string; readonly stop: string | undefined } {
  let text = "";
  for (;;) {
    const letter = reading.letters[reading.at];
    if (letter === undefined) return { text, stop: undefined };
    reading.at += 1;
    if (stops.includes(letter)) return { text, stop: letter };
    if (letter !== "\\") {
      text += letter;
      continue;
    }
    const next = reading.letters[reading.at];
    if (next === undefined) return { text, stop: undefined };
    reading.at += 1;
    text += next;
  }
}

/** Without a name nothing is set. */
function set(into: Values, name: string, value: Value): void {
  if (name !== "") into.set(name, value);
}

function setKey(reading: Reading, into: Values, nested: number): Fault | undefined {
  const { text: name, stop } = readUntil(reading, "=[,.");
  switch (stop) {
    case undefined:
      return name === "" ? "end" : wrong(`key ${quote(name)} has no value`);
    case "[":
      return setInList(reading, into, name, nested);
    case "=":
      return setValue(reading, into, name);
    case ",":
      set(into, name, "");
      return wrong(`key ${quote(name)} has no value (cannot end with ,)`);
    default:
      return setBelow(reading, into, name, nested + 1);
  }
}

function setInList(reading: Reading, into: Values, name: string, nested: number): Fault | undefined {
  const index = readIndex(reading);
  if (typeof index !== "number") return index;
  const there = into.get(name);
  if (there !== undefined && !isList(there)) return notA(there, "[]interface {}");
  const { list, fault } = setItem(reading, there ?? [], index, nested, 0);
  if (list !== undefined) set(into, name, list);
  return fault;
}

function setValue(reading: Reading, into: Values, name: string): Fault | undefined {
  const read = readValue(reading);
  if (read === "end") {
    set(into, name, "");
    return "end";
  }
  if ("problem" in read) return read;
  set(into, name, read.value);
  return undefined;
}

function setBelow(reading: Reading, into: Values, name: string, nested: number): Fault | undefined {
  if (nested > MAX_NESTED) return wrong(`value name nested level is greater than maximum supported nested level of ${MAX_NESTED}`);
  const there = into.get(name);
  if (there !== undefined && !isTable(there)) return notA(there, "map[string]interface {}");
  const inner: Values = there ?? new Map();
  const fault = setKey(reading, inner, nested);
  if (fault === undefined && inner.size === 0) return wrong(`key map ${quote(name)} has no value`);
  if (inner.size > 0) set(into, name, inner);
  return fault;
}

/** At its end a text may stop: what was begun is let go then. */
function readIndex(reading: Reading): number | Fault {
  const { text, stop } = readUntil(reading, "]");
  if (stop === undefined) return "end";
  const index = atoi(text);
  return index.ok ? index.value : wrong(`error parsing index: ${index.problem}`);
}

/** `list`: absent where Go has panicked, and nothing is set. */
type Item = { readonly list: Value[] | undefined; readonly fault: Fault | undefined };

/** Sets something at `index`, behind whose bracket the text goes on. */
function setItem(reading: Reading, list: Value[], index: number, nested: number, lists: number): Item {
  if (index < 0) return { list, fault: wrong(`negative ${index} index not allowed`) };
  const { text, stop } = readUntil(reading, "[.=");
  if (text !== "") return { list, fault: wrong(`unexpected data at end of array index: [${Array.from(text, quoteCharacter).join(" ")}]`) };
  switch (stop) {
    case undefined:
      return { list, fault: "end" };
    case "=":
      return setItemValue(reading, list, index);
    case "[":
      return setItemInList(reading, list, index, nested, lists + 1);
    default:
      return setItemBelow(reading, list, index, nested);
  }
}

function setItemValue(reading: Reading, list: Value[], index: number): Item {
  const read = readValue(reading);
  if (read === "end") return setIndex(list, index, "");
  return "problem" in read ? { list, fault: read } : setIndex(list, index, read.value);
}

function setItemInList(reading: Reading, list: Value[], index: number, nested: number, lists: number): Item {
  if (lists > MAX_LISTS) return { list, fault: wrong(`lists nested deeper than ${MAX_LISTS}`) };
  const next = readIndex(reading);
  if (typeof next !== "number") return { list, fault: next };
  const there = list[index] ?? null;
  if (there !== null && !isList(there)) return { list: undefined, fault: notA(there, "[]interface {}") };
  const inner = setItem(reading, there ?? [], next, nested, lists);
  if (inner.fault !== undefined || inner.list === undefined) return { list: inner.list === undefined ? undefined : list, fault: inner.fault };
  return setIndex(list, index, inner.list);
}

/** Something else that stands there gives way to a map. */
function setItemBelow(reading: Reading, list: Value[], index: number, nested: number): Item {
  const there = list[index];
  const inner: Values = isTable(there) ? there : new Map();
  if (index < list.length) list[index] = inner;
  const fault = setKey(reading, inner, nested);
  return fault === undefined ? setIndex(list, index, inner) : { list, fault };
}

/** In place, where there is a place; else in a longer copy. */
function setIndex(list: Value[], index: number, value: Value): Item {
  if (index > MAX_INDEX) return { list, fault: wrong(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`) };
  spend(1 + Math.max(0, index - list.length));
  const long = index < list.length ? list : [...list, ...Array.from({ length: index + 1 - list.length }, () => null)];
  long[index] = value;
  return { list: long, fault: undefined };
}

/** `end`: there is nothing any more behind `=`. */
function readValue(reading: Reading): { readonly value: Value } | Fault {
  const letter = reading.letters[reading.at];
  if (letter === undefined) return "end";
  if (letter !== "{") return { value: typed(readUntil(reading, ",").text, reading.mode) };
  reading.at += 1;
  const items: Value[] = [];
  for (;;) {
    const { text, stop } = readUntil(reading, ",}");
    if (stop === undefined) return wrong("list must terminate with '}'");
    items.push(typed(text, reading.mode));
    if (stop === ",") continue;
    if (reading.letters[reading.at] === ",") reading.at += 1;
    return { value: items };
  }
}

const MAX_INT64 = 2n ** 63n - 1n;
/** More digits than an int64 has. */
const MOST_DIGITS = 30;

/** What a text looks like: with a zero in front it is no number. */
function typed(text: string, mode: SetMode): Value {
  if (mode === "text") return text;
  if (/^true$/iu.test(text)) return true;
  if (/^false$/iu.test(text)) return false;
  if (/^null$/iu.test(text)) return null;
  if (text === "0") return 0n;
  if (!/^(?:[+-][0-9]+|[1-9][0-9]*)$/.test(text)) return text;
  const digits = text.replace(/^[+-]?0*(?=[0-9])/, "");
  if (digits.length > MOST_DIGITS) return text;
  const number = BigInt(digits);
  if (number > MAX_INT64 + (text.startsWith("-") ? 1n : 0n)) return text;
  return text.startsWith("-") ? -number : number;
}
