import { parseDuration } from "../domain/duration.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { type Milliseconds, ms } from "../domain/time.ts";

/**
 * Reads the fields of one map. Absent, `null` and, where Go would leave it out, `""` are all "not given".
 * What has the wrong type is noted as a problem and read as not given, so that one pass finds all problems.
 */
export type Reader = {
  /** Those that there are, whatever they say. */
  fields(): readonly string[];
  /** The text, or undefined when it is not given or empty. */
  text(field: string): string | undefined;
  /** The text even when it is empty; undefined only when it is not given. */
  anyText(field: string): string | undefined;
  /** Not given or empty is a problem, and read as `""`. */
  requiredText(field: string): string;
  /** False when not given. */
  flag(field: string): boolean;
  requiredFlag(field: string): boolean;
  /** Undefined when not given. */
  someFlag(field: string): boolean | undefined;
  whole(field: string): number | undefined;
  duration(field: string): Milliseconds | undefined;
  requiredDuration(field: string): Milliseconds;
  oneOf<const Values extends readonly string[]>(field: string, values: Values): Values[number] | undefined;
  requiredOneOf<const Values extends readonly string[]>(field: string, values: Values): Values[number];
  /** A list of texts, each one of `values`. */
  someOf<const Values extends readonly string[]>(field: string, values: Values): readonly Values[number][];
  texts(field: string): readonly string[];
  textMap(field: string): { readonly [key: string]: string } | undefined;
  /** What `read` makes of the map under `field`; undefined when it is not given. */
  child<Value>(field: string, read: (reader: Reader) => Value): Value | undefined;
  requiredChild<Value>(field: string, read: (reader: Reader) => Value): Value;
  /** What `read` makes of every map in the list under `field`. */
  list<Value>(field: string, read: (reader: Reader) => Value): readonly Value[];
  /** As `child`, undefined also when `read` met a problem there, which is not noted. */
  soundOne<Value>(field: string, read: (reader: Reader) => Value): Value | undefined;
  /** As `list`, without the items in which `read` met a problem (not noted); undefined when the list is not given. */
  soundOnes<Value>(field: string, read: (reader: Reader) => Value): readonly Value[] | undefined;
  /** As `texts`; undefined when the list is not given. */
  someTexts(field: string): readonly string[] | undefined;
};

type Note = (problem: string) => void;

/** Keys that JavaScript gives a meaning of its own. */
const TAKEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

export function createReader(value: Json | undefined, path: string, note: Note): Reader {
  if (value !== undefined && value !== null && !isObject(value)) note(`${path}: expected a map, got ${typeName(value)}`);
  const map: JsonObject = isObject(value) ? value : {};
  const at = (field: string): string => (path === "" ? field : `${path}.${field}`);
  const given = (field: string): Json | undefined => (Object.hasOwn(map, field) ? (map[field] ?? undefined) : undefined);

  const typed = <Value extends Json>(field: string, expected: string, is: (value: Json) => value is Value): Value | undefined => {
    const found = given(field);
    if (found === undefined || is(found)) return found;
    note(`${at(field)}: expected ${expected}, got ${typeName(found)}`);
    return undefined;
  };
  const missing = (field: string): void => note(`${at(field)}: required value`);
  const items = (field: string): readonly Json[] => typed(field, "a list", isArray) ?? [];

  const known = <const Values extends readonly string[]>(found: string, path: string, values: Values): Values[number] | undefined => {
    const value = values.find((candidate) => candidate === found);
    if (value === undefined) note(`${path}: expected one of ${values.join(", ")}, got ${JSON.stringify(found.slice(0, 40))}`);
    return value;
  };

  const reader: Reader = {
    fields: () => Object.keys(map),
    anyText: (field) => typed(field, "a text", isText),
    text: (field) => reader.anyText(field) || undefined,
    requiredText: (field) => {
      const found = reader.anyText(field);
      if (found === "" || given(field) === undefined) missing(field);
      return found ?? "";
    },
    flag: (field) => reader.someFlag(field) ?? false,
    someFlag: (field) => typed(field, "true or false", isFlag),
    requiredFlag: (field) => {
      if (given(field) === undefined) missing(field);
      return reader.flag(field);
    },
    whole: (field) => typed(field, "a whole number", isWhole),
    duration: (field) => {
      const found = reader.anyText(field);
      if (found === undefined) return undefined;
      const duration = parseDuration(found);
      if (duration === undefined) note(`${at(field)}: expected a duration such as "10m0s", got ${JSON.stringify(found.slice(0, 40))}`);
      return duration;
    },
    requiredDuration: (field) => {
      if (given(field) === undefined) missing(field);
      return reader.duration(field) ?? ZERO;
    },
    oneOf: (field, values) => {
      const found = reader.text(field);
      return found === undefined ? undefined : known(found, at(field), values);
    },
    someOf: (field, values) => reader.texts(field).flatMap((found) => known(found, at(field), values) ?? []),
    requiredOneOf: (field, values) => {
      const found = reader.oneOf(field, values);
      if (reader.anyText(field) === "" || given(field) === undefined) missing(field);
      return found ?? values[0] ?? "";
    },
    texts: (field) =>
      items(field).flatMap((item, index) => {
        if (isText(item)) return [item];
        note(`${at(field)}[${index}]: expected a text, got ${typeName(item)}`);
        return [];
      }),
    textMap: (field) => {
      const found = typed(field, "a map", isObject);
      return found === undefined ? undefined : textsOf(found, at(field), note);
    },
    child: (field, read) => (given(field) === undefined ? undefined : read(createReader(given(field), at(field), note))),
    requiredChild: (field, read) => {
      if (given(field) === undefined) missing(field);
      return read(createReader(given(field), at(field), given(field) === undefined ? ignore : note));
    },
    list: (field, read) => items(field).map((item, index) => read(createReader(item, `${at(field)}[${index}]`, note))),
    soundOne: (field, read) => (given(field) === undefined ? undefined : sound(given(field), read)[0]),
    soundOnes: (field, read) => (given(field) === undefined ? undefined : items(field).flatMap((item) => sound(item, read))),
    someTexts: (field) => (given(field) === undefined ? undefined : reader.texts(field)),
  };
  return reader;
}

/** Notes nothing: for what others wrote and may have got wrong. */
export const ignore: Note = () => {};

const ZERO = ms(0);

function sound<Value>(value: Json | undefined, read: (reader: Reader) => Value): readonly Value[] {
  const problems: string[] = [];
  const made = read(createReader(value, "", (problem) => problems.push(problem)));
  return problems.length === 0 ? [made] : [];
}

function textsOf(map: JsonObject, path: string, note: Note): { readonly [key: string]: string } {
  const pairs = Object.entries(map).flatMap(([key, value]): [string, string][] => {
    if (TAKEN_KEYS.has(key)) note(`${path}: the key ${JSON.stringify(key)} cannot be used`);
    else if (isText(value)) return [[key, value]];
    else note(`${path}.${key}: expected a text, got ${typeName(value)}`);
    return [];
  });
  return Object.fromEntries(pairs);
}

const isText = (value: Json): value is string => typeof value === "string";
const isFlag = (value: Json): value is boolean => typeof value === "boolean";
const isWhole = (value: Json): value is number => typeof value === "number" && Number.isSafeInteger(value);

/** What a value is, without what it says: it may be secret. */
function typeName(value: Json): string {
  if (value === null) return "null";
  if (isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

type Given<Value> = { readonly [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key] } & {
  readonly [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined>;
};

/** `value` without the keys that are undefined. */
export const given = <Value extends object>(value: Value): Given<Value> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Given<Value>;
