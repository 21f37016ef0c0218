import { spend } from "../../work.ts";
import type { Resource } from "./documents.ts";
import type { Dialect } from "./draft.ts";
import { escapeToken } from "./draft.ts";
import { type Fault, type Path, SOME_FAULT } from "./fault.ts";
import type { Schema } from "./schema.ts";
import { isList, isMap, type Value } from "./value.ts";

/** One value under one schema. */
export type Look = {
  readonly value: Value;
  readonly at: Path;
  readonly schema: Schema;
  readonly scope: Scope;
  readonly rest: Unevaluated;
  /** Nobody wants to know what is wrong, only whether. */
  readonly onlyAsks: boolean;
  readonly meta: Meta | undefined;
  readonly faults: Fault[];
  /** Looks at all that the schema says. */
  readonly run: Run;
};

export type Run = (look: Look) => Fault | undefined;

/** While a schema is looked at by a metaschema: parts of it with a dialect of their own are looked at by the metaschema of that. */
export type Meta = { readonly schema: Schema; readonly resources: ReadonlyMap<string, Resource>; readonly of: (dialect: Dialect) => Schema };

/** Which schemas led to this one. `keyword`: the reference that did; empty where it stands inside of the one above. `level`: how deep the value is. */
export type Scope = { readonly schema: Schema; readonly keyword: string; readonly level: number; readonly depth: number; readonly up: Scope | undefined };

/** What no keyword has looked at; `undefined`: nobody will ask. */
export type Unevaluated = { keys: Set<string> | undefined; indexes: Set<number> | undefined };

/** Deeper than any stack of calls must become. Schemas that refer to others that refer … take it, too. */
const DEEPEST = 700;
const STEPS_OF_LOOK = 100;

/** Starts with a value that no other schema has looked at. */
export function lookAt(value: Value, schema: Schema, meta: Meta | undefined, run: Run): Look {
  return {
    value,
    at: undefined,
    schema,
    scope: { schema, keyword: "", level: 0, depth: 0, up: undefined },
    rest: restOf(value, schema, false),
    onlyAsks: false,
    meta,
    faults: [],
    run,
  };
}

/** The same value under another schema. */
function lookAgain(look: Look, schema: Schema, keyword: string, onlyAsks: boolean): Look {
  return turned({
    ...look,
    schema,
    scope: below(look.scope, schema, keyword, look.scope.level),
    rest: restOf(look.value, schema, !isEmpty(look.rest)),
    onlyAsks: look.onlyAsks || onlyAsks,
    faults: [],
  });
}

/** A value inside of the one that is looked at. */
function lookInside(look: Look, schema: Schema, value: Value, token: string): Look {
  return turned({
    ...look,
    value,
    at: { token, up: look.at },
    schema,
    scope: below(look.scope, schema, "", look.scope.level + 1),
    rest: restOf(value, schema, false),
    faults: [],
  });
}

function below(scope: Scope, schema: Schema, keyword: string, level: number): Scope {
  // Beyond the deepest nothing is left to spend: whoever bounds the work says so.
  spend(scope.depth < DEEPEST ? STEPS_OF_LOOK + scope.depth : Number.POSITIVE_INFINITY);
  return { schema, keyword, level, depth: scope.depth + 1, up: scope };
}

function turned(look: Look): Look {
  const schema = metaschemaFor(look, look.schema);
  if (schema === undefined || look.meta === undefined) return look;
  return { ...look, schema, meta: { ...look.meta, schema } };
}

/** The metaschema for the part of a schema that is looked at, where it begins a resource. */
export function metaschemaFor({ meta, at }: Look, schema: Schema): Schema | undefined {
  if (meta === undefined || schema !== meta.schema) return undefined;
  let pointer = "";
  for (let path = at; path !== undefined; path = path.up) pointer = `/${escapeToken(path.token)}${pointer}`;
  const resource = meta.resources.get(pointer);
  return resource === undefined ? undefined : meta.of(resource.dialect);
}

export function addFault({ onlyAsks, at, faults }: Look, say: () => string, causes: readonly Fault[] = []): void {
  faults.push(onlyAsks ? SOME_FAULT : { kind: "plain", at, say, causes });
}

function restOf(value: Value, { object, array, version }: Schema, isWanted: boolean): Unevaluated {
  if (isMap(value)) {
    const asks = object.additional === undefined && (isWanted || object.unevaluated !== undefined);
    if (asks) spend(value.size);
    return { keys: asks ? new Set(value.keys()) : undefined, indexes: undefined };
  }
  if (!isList(value) || !(isWanted || array.unevaluated !== undefined)) return { keys: undefined, indexes: undefined };
  const isAll = version < 2020 ? array.additional !== undefined || (array.items !== undefined && !isItemList(array.items)) : array.rest !== undefined;
  const first = version < 2020 ? (isItemList(array.items) ? array.items.length : 0) : (array.prefix?.length ?? 0);
  if (isAll || first >= value.length) return { keys: undefined, indexes: undefined };
  spend(value.length);
  return { keys: undefined, indexes: new Set(value.map((_, index) => index).slice(first)) };
}

export const isItemList = (items: Schema | readonly Schema[] | undefined): items is readonly Schema[] => Array.isArray(items);

export const isEmpty = ({ keys, indexes }: Unevaluated): boolean => (keys?.size ?? 0) === 0 && (indexes?.size ?? 0) === 0;

/** Leaves in `rest` what `other` has left, too. */
export function mergeRest(rest: Unevaluated, other: Unevaluated): void {
  for (const key of rest.keys ?? []) if (other.keys?.has(key) !== true) rest.keys?.delete(key);
  for (const index of rest.indexes ?? []) if (other.indexes?.has(index) !== true) rest.indexes?.delete(index);
}

/** The same value under a schema that stands beside, or that a reference names. */
export function validateAgain(look: Look, schema: Schema, keyword = "", onlyAsks = false): Fault | undefined {
  const again = lookAgain(look, schema, keyword, onlyAsks);
  const fault = look.run(again);
  if (fault === undefined) mergeRest(look.rest, again.rest);
  return fault;
}

export const validateInside = (look: Look, schema: Schema, value: Value, token: string): Fault | undefined => look.run(lookInside(look, schema, value, token));

export function push(look: Look, fault: Fault | undefined): void {
  if (fault !== undefined) look.faults.push(fault);
}
