import { type Chance, createChance } from "../../kustomize/random/chance.ts";
import {
  type Argument,
  boolArgument,
  dictArgument,
  floatArgument,
  int64Argument,
  intArgument,
  listArgument,
  NIL,
  stringsArgument,
  textArgument,
  textsDictArgument,
} from "./argument.ts";
import * as pools from "./pools.ts";

/** A call of one function. */
export type Call = { readonly name: string; readonly args: readonly Argument[] };

type Make = (chance: Chance) => Argument;

const pick =
  <Item>(make: (item: Item) => Argument, pool: readonly Item[]): Make =>
  (chance) =>
    make(chance.one(pool));
const either =
  (...makes: readonly Make[]): Make =>
  (chance) =>
    chance.one(makes)(chance);

const oneOf = (pool: readonly string[]): Make => pick(textArgument, pool);
const text: Make = either(oneOf(pools.WORDS), oneOf(pools.WORDS), oneOf(pools.ODD_TEXTS), oneOf(pools.YAMLISH));
const int: Make = pick(intArgument, pools.INTEGERS);
const small: Make = pick(intArgument, [-1, 0, 1, 2, 3, 5, 8, 12, 20]);
const bool: Make = pick(boolArgument, [true, false]);
const float: Make = pick(floatArgument, pools.FLOATS);
const number: Make = either(
  int,
  int,
  float,
  pick(int64Argument, [...pools.INTEGERS.map(BigInt), ...pools.BIG_INTEGERS]),
  oneOf(pools.NUMBERS_AS_TEXT),
  bool,
  () => NIL,
);
const scalar: Make = either(text, text, int, float, bool, () => NIL, pick(int64Argument, pools.BIG_INTEGERS));
const KEYS = ["a", "b", "c", "d", "a10", "a2", "A", "_", "x.y", "ä", "", "yes", "1", "true", "key with space", "a-b", "10", "9"];

const strings: Make = (chance) => stringsArgument(Array.from({ length: 1 + chance.int(4) }, () => chance.one(pools.WORDS)));
const textsDict: Make = (chance) => textsDictArgument(Array.from({ length: 1 + chance.int(3) }, () => chance.one(pools.WORDS)));
const anyOf =
  (depth: number): Make =>
  (chance) =>
    depth <= 0 || chance.happens(0.5) ? scalar(chance) : either(listOf(depth - 1), dictOf(depth - 1), strings, textsDict)(chance);
const listOf =
  (depth: number): Make =>
  (chance) =>
    listArgument(Array.from({ length: chance.int(5) }, () => anyOf(depth)(chance)));
const dictOf =
  (depth: number): Make =>
  (chance) =>
    dictArgument(Array.from({ length: chance.int(5) }, () => [chance.one(chance.happens(0.1) ? pools.ODD_TEXTS : KEYS), anyOf(depth)(chance)]));
const fewKeys =
  (depth: number): Make =>
  (chance) =>
    dictArgument(
      Array.from({ length: chance.int(4) }, () => [
        chance.one(["a", "b", "c"]),
        depth > 0 && chance.happens(0.6) ? fewKeys(depth - 1)(chance) : anyOf(1)(chance),
      ]),
    );

const any: Make = anyOf(3);
const list: Make = either(listOf(2), listOf(1), strings);
/** Mostly a list, since all else is an error. */
const listish: Make = (chance) => (chance.happens(0.04) ? scalar(chance) : list(chance));
const dict: Make = either(dictOf(2), fewKeys(2));
const key: Make = oneOf(["a", "b", "c", "a10", "ä", "", "zz"]);
const few =
  (make: Make, most: number) =>
  (chance: Chance): readonly Argument[] =>
    Array.from({ length: chance.int(most + 1) }, () => make(chance));

type Signature = { readonly fixed: readonly Make[]; readonly rest?: (chance: Chance) => readonly Argument[] };
const of = (...fixed: readonly Make[]): Signature => ({ fixed });
const ofMany = (fixed: readonly Make[], make: Make, most = 4): Signature => ({ fixed, rest: few(make, most) });

const pattern: Make = (chance) => oneOf(chance.happens(0.1) ? pools.WRONG_PATTERNS : pools.PATTERNS)(chance);
const haystack: Make = either(
  text,
  oneOf(["-ab-axxb-", "hello world", "ab12cd345", "pizza", "a,b,c", "aaa", "größe 12 ☃ x", "a.b", "line\nline2", "aabb", "äaöb"]),
);
const path = of(oneOf(pools.PATHS));
const code = of(either(oneOf(pools.CODES), text));
const ofText = of(text);
const written = of(any);

/** What every function is given; sums, times and chance are left out. */
export const SIGNATURES: { readonly [name: string]: Signature } = {
  abbrev: of(int, text),
  abbrevboth: of(int, int, text),
  add: ofMany([], number),
  add1: of(number),
  add1f: of(number),
  addf: ofMany([], number),
  adler32sum: ofText,
  all: ofMany([], any),
  any: ofMany([], any),
  append: of(listish, any),
  atoi: of(oneOf(pools.NUMBERS_AS_TEXT)),
  b32dec: code,
  b32enc: ofText,
  b64dec: code,
  b64enc: ofText,
  base: path,
  biggest: ofMany([number], number),
  camelcase: ofText,
  cat: ofMany([], any),
  ceil: of(number),
  chunk: of(small, listish),
  clean: path,
  coalesce: ofMany([], any),
  compact: of(listish),
  concat: ofMany([], listish),
  contains: of(text, text),
  deepCopy: of(any),
  deepEqual: of(any, any),
  default: ofMany([any], any, 1),
  dict: ofMany([], any, 5),
  dig: { fixed: [key, key, any, fewKeys(2)] },
  dir: path,
  div: of(number, number),
  divf: ofMany([number], number),
  empty: of(any),
  ext: path,
  first: of(listish),
  float64: of(any),
  floor: of(number),
  fromJson: of(oneOf(pools.JSON_TEXTS)),
  fromJsonArray: of(oneOf(pools.JSON_TEXTS)),
  fromToml: of(oneOf(pools.TOMLS)),
  fromYaml: of(either(oneOf(pools.YAML_TEXTS), oneOf(pools.JSON_TEXTS))),
  fromYamlArray: of(either(oneOf(pools.YAML_TEXTS), oneOf(pools.JSON_TEXTS))),
  get: of(dict, key),
  has: of(any, listish),
  hasKey: of(dict, key),
  hasPrefix: of(text, text),
  hasSuffix: of(text, text),
  indent: of(small, text),
  initial: of(listish),
  initials: ofText,
  int: of(any),
  int64: of(number),
  isAbs: path,
  join: of(text, any),
  kebabcase: ofText,
  kindIs: of(oneOf(["string", "int", "map", "slice", "float64", "bool", "invalid"]), any),
  kindOf: of(any),
  last: of(listish),
  list: ofMany([], any),
  lower: ofText,
  max: ofMany([number], number),
  maxf: ofMany([number], number),
  merge: ofMany([fewKeys(2)], fewKeys(2), 2),
  mergeOverwrite: ofMany([fewKeys(2)], fewKeys(2), 2),
  min: ofMany([number], number),
  minf: ofMany([number], number),
  mod: of(number, number),
  mul: ofMany([number], number),
  mulf: ofMany([number], number),
  mustFromJson: of(oneOf(pools.JSON_TEXTS)),
  mustRegexFind: of(pattern, haystack),
  mustRegexFindAll: of(pattern, haystack, small),
  mustRegexMatch: of(pattern, haystack),
  mustRegexReplaceAll: of(pattern, haystack, oneOf(pools.TEMPLATES)),
  mustRegexReplaceAllLiteral: of(pattern, haystack, oneOf(pools.TEMPLATES)),
  mustRegexSplit: of(pattern, haystack, small),
  mustToJson: written,
  mustToPrettyJson: written,
  mustToRawJson: written,
  mustToYaml: written,
  nindent: of(small, text),
  nospace: ofText,
  omit: ofMany([dict], key, 2),
  osBase: path,
  osClean: path,
  osDir: path,
  osExt: path,
  osIsAbs: path,
  pick: ofMany([dict], key, 2),
  pluck: ofMany([key], dict, 3),
  plural: of(text, text, int),
  prepend: of(listish, any),
  quote: ofMany([], any),
  regexFind: of(pattern, haystack),
  regexFindAll: of(pattern, haystack, small),
  regexMatch: of(pattern, haystack),
  regexQuoteMeta: of(either(text, oneOf(pools.PATTERNS))),
  regexReplaceAll: of(pattern, haystack, oneOf(pools.TEMPLATES)),
  regexReplaceAllLiteral: of(pattern, haystack, oneOf(pools.TEMPLATES)),
  regexSplit: of(pattern, haystack, small),
  repeat: of(small, text),
  replace: of(either(text, oneOf(["", "a", "l", " "])), text, text),
  rest: of(listish),
  reverse: of(listish),
  round: { fixed: [number, small], rest: few(pick(floatArgument, [0, 0.3, 0.5, 0.7, 1]), 1) },
  seq: ofMany([], small, 4),
  set: of(dict, key, any),
  sha1sum: ofText,
  sha256sum: ofText,
  sha512sum: ofText,
  slice: ofMany([listish], either(small, number), 3),
  snakecase: ofText,
  sortAlpha: of(any),
  split: of(oneOf(["", ",", ".", "a", " ", "l", "ä"]), text),
  splitList: of(oneOf(["", ",", ".", "a", " ", "l", "ä"]), text),
  splitn: of(oneOf(["", ",", ".", "a", " ", "l"]), small, text),
  squote: ofMany([], any),
  sub: of(number, number),
  subf: ofMany([number], number),
  substr: of(small, small, text),
  swapcase: ofText,
  ternary: of(any, any, bool),
  title: ofText,
  toDecimal: of(number),
  toJson: written,
  toPrettyJson: written,
  toRawJson: written,
  toString: of(any),
  toStrings: of(any),
  toToml: either2(of(dict), written),
  toYaml: written,
  toYamlPretty: written,
  trim: ofText,
  trimAll: of(oneOf(["a", "ab", " ", "-_", "", "ä", "$", "\n\t "]), text),
  trimPrefix: of(text, text),
  trimSuffix: of(oneOf(["a", "c", " ", "", "\n", "d"]), text),
  trunc: of(int, text),
  typeIs: of(oneOf(["string", "int", "map[string]interface {}", "[]interface {}", "[]string"]), any),
  typeIsLike: of(oneOf(["string", "int", "*int"]), any),
  typeOf: of(any),
  uniq: of(listish),
  unset: of(dict, key),
  until: of(small),
  untilStep: of(small, small, pick(intArgument, [-3, -1, 0, 1, 2, 5])),
  untitle: ofText,
  upper: ofText,
  urlJoin: of(urlDict),
  urlParse: of(oneOf(pools.URLS)),
  values: of(dict),
  without: ofMany([listish], any, 2),
  wrap: of(int, text),
  wrapWith: of(int, oneOf(["", "\n", "|", "--"]), text),
};

function either2(...signatures: readonly [Signature, Signature]): Signature {
  return { fixed: [either(signatures[0].fixed[0] ?? any, signatures[1].fixed[0] ?? any)] };
}

function urlDict(chance: Chance): Argument {
  const parts = ["http", "h:80", "/p q", "a=b", "f x", "u:p", "", "ä", "//x", "x:y", "a/b", "u%20v", "[::1]", "*", "u:p@q"];
  const names = ["scheme", "host", "path", "query", "fragment", "userinfo", "opaque", "hostname"];
  return dictArgument(chance.some(names, 0.5).map((name) => [name, chance.happens(0.03) ? intArgument(1) : textArgument(chance.one(parts))]));
}

/** The same calls for the same seed. */
export function generateCalls(name: string, count: number, seed: number): readonly Call[] {
  const signature = SIGNATURES[name];
  if (signature === undefined) throw new Error(`no signature of ${name}`);
  const chance = createChance(seed + [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7));
  return Array.from({ length: count }, () => ({ name, args: [...signature.fixed.map((make) => make(chance)), ...(signature.rest?.(chance) ?? [])] }));
}

/** Functions whose order in Go is chance: what they give is sorted on both sides. */
const UNORDERED = new Set(["keys", "values"]);

export const expressionOf = ({ name, args }: Call): string => {
  const call = [name, ...args].join(" ");
  return UNORDERED.has(name) ? `${call} | toStrings | sortAlpha` : call;
};
