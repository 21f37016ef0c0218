import type { Draft } from "./draft.ts";
import type { Place } from "./place.ts";
import type { Rational } from "./rational.ts";
import type { NumberValue, TypeName, Value } from "./value.ts";

/** A schema, ready to be asked. It refers to others, also to itself: it is made first and filled then, by compile.ts alone. */
export type Schema = {
  readonly place: Place;
  readonly location: string;
  version: Draft["version"];
  /** The schema of the resource that it stands in. */
  resource: Schema | undefined;
  readonly dynamicAnchors: Map<string, Schema>;
  /** True and false are schemas, too; an empty one is true. */
  always: boolean | undefined;
  readonly object: ObjectRules;
  readonly array: ArrayRules;
  readonly text: TextRules;
  readonly number: NumberRules;
} & Rules<{
  reference: Schema;
  recursiveReference: Schema;
  isRecursiveAnchor: boolean;
  dynamicReference: { readonly schema: Schema; readonly anchor: string };
  dynamicAnchor: string;
  types: readonly TypeName[];
  constant: Value;
  choices: readonly Value[];
  not: Schema;
  allOf: readonly Schema[];
  anyOf: readonly Schema[];
  oneOf: readonly Schema[];
  condition: Schema;
  consequence: Schema;
  alternative: Schema;
  format: Format;
}>;

/** Any of them may be absent. */
type Rules<All> = { -readonly [Name in keyof All]?: All[Name] | undefined };

export type ObjectRules = Rules<{
  least: number;
  most: number;
  required: readonly string[];
  names: Schema;
  properties: ReadonlyMap<string, Schema>;
  patterns: readonly { readonly pattern: Pattern; readonly schema: Schema }[];
  additional: boolean | Schema;
  dependencies: ReadonlyMap<string, readonly string[] | Schema>;
  dependentRequired: ReadonlyMap<string, readonly string[]>;
  dependentSchemas: ReadonlyMap<string, Schema>;
  unevaluated: Schema;
}>;

export type ArrayRules = Rules<{
  least: number;
  most: number;
  isUnique: boolean;
  contains: Schema;
  leastContained: number;
  mostContained: number;
  /** One for all, or one for each; `items` of 2020-12 is `rest`, what follows `prefix`. */
  items: Schema | readonly Schema[];
  additional: boolean | Schema;
  prefix: readonly Schema[];
  rest: Schema;
  unevaluated: Schema;
}>;

export type TextRules = Rules<{ least: number; most: number; pattern: Pattern }>;
export type NumberRules = Rules<{ minimum: Bound; maximum: Bound; above: Bound; below: Bound; multipleOf: Bound }>;
export type Bound = NumberValue & { readonly exact: Rational };

/** `text` as it was written. */
export type Pattern = { readonly text: string; readonly matches: (text: string) => boolean };

/** Says what is wrong with a text; undefined when nothing is. */
export type Format = { readonly name: string; readonly check: (text: string) => string | undefined };

export function createSchema(place: Place, location: string): Schema {
  return { place, location, version: 2020, resource: undefined, dynamicAnchors: new Map(), always: undefined, object: {}, array: {}, text: {}, number: {} };
}
