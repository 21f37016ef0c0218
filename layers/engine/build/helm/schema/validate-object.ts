import { byBytes } from "../../text/by-bytes.ts";
import { spend } from "../../work.ts";
import { causesOf, type Fault, quoteName, quoteNames } from "./fault.ts";
import { addFault, type Look, lookAt, metaschemaFor, push, validateAgain, validateInside } from "./look.ts";
import type { Schema } from "./schema.ts";
import { showCount } from "./show-number.ts";
import type { ValueMap } from "./value.ts";

export function validateObject(look: Look, object: ValueMap): void {
  const { schema, faults, onlyAsks } = look;
  const { least, most, required, dependencies, names } = schema.object;
  if (least !== undefined && object.size < least) addFault(look, () => `minProperties: got ${showCount(object.size)}, want ${showCount(least)}`);
  if (most !== undefined && object.size > most) addFault(look, () => `maxProperties: got ${showCount(object.size)}, want ${showCount(most)}`);
  const missing = missingOf(object, required);
  if (missing.length > 0) addFault(look, () => sayMissing(missing));
  if (onlyAsks && faults.length > 0) return;
  for (const [key, wanted] of dependencies ?? []) {
    if (!object.has(key)) continue;
    if (isNames(wanted)) wantKeys(look, object, key, wanted);
    else push(look, validateAgain(look, wanted));
  }
  validateKeys(look, object);
  if (schema.version === 4) return;
  if (names !== undefined) for (const key of object.keys()) push(look, validateName(look, names, key));
  if (schema.version === 6) return;
  for (const [key, wanted] of schema.object.dependentSchemas ?? []) if (object.has(key)) push(look, validateAgain(look, wanted));
  for (const [key, wanted] of schema.object.dependentRequired ?? []) if (object.has(key)) wantKeys(look, object, key, wanted);
}

const isNames = (wanted: readonly string[] | Schema): wanted is readonly string[] => Array.isArray(wanted);

const missingOf = (object: ValueMap, required: readonly string[] = []): readonly string[] => required.filter((key) => !object.has(key));

const sayMissing = (missing: readonly string[]): string => `missing ${missing.length === 1 ? "property" : "properties"} ${quoteNames(missing)}`;

function wantKeys(look: Look, object: ValueMap, key: string, wanted: readonly string[]): void {
  const missing = missingOf(object, wanted);
  if (missing.length > 0) addFault(look, () => `properties ${quoteNames(missing)} required, if ${quoteName(key)} exists`);
}

function validateKeys(look: Look, object: ValueMap): void {
  const { properties, patterns = [], additional } = look.schema.object;
  if (properties === undefined && patterns.length === 0 && additional === undefined) return;
  const unknown: string[] = [];
  // Go goes through a map in no order: this one is as good, and always the same.
  for (const key of [...object.keys()].sort(byBytes)) {
    if (look.onlyAsks && look.faults.length > 0) return;
    spend(1 + patterns.length);
    const value = object.get(key) ?? null;
    const schemas = [properties?.get(key), ...patterns.filter(({ pattern }) => pattern.matches(key)).map(({ schema }) => schema)].filter(
      (schema) => schema !== undefined,
    );
    for (const schema of schemas) push(look, validateInside(look, schema, value, key));
    if (schemas.length === 0 && additional === undefined) continue;
    if (schemas.length === 0 && additional === false) unknown.push(key);
    if (schemas.length === 0 && typeof additional === "object") push(look, validateInside(look, additional, value, key));
    look.rest.keys?.delete(key);
  }
  if (unknown.length > 0) addFault(look, () => `additional properties ${quoteNames(unknown)} not allowed`);
}

/** A name is a value by itself: what is wrong with it is said without a place. */
function validateName(look: Look, names: Schema, key: string): Fault | undefined {
  const other = metaschemaFor(look, names);
  const meta = look.meta === undefined || other === undefined ? look.meta : { ...look.meta, schema: other };
  const fault = look.run(lookAt(key, other ?? names, meta, look.run));
  const causes = fault === undefined ? [] : causesOf(fault);
  return fault === undefined ? undefined : { kind: "plain", at: undefined, say: () => `invalid propertyName ${quoteName(key)}`, causes };
}
