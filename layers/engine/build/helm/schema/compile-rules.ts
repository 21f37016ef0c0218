import { quote } from "../../text/quote.ts";
import type { Compiling } from "./compiling.ts";
import { takes } from "./documents.ts";
import { escapeToken } from "./draft.ts";
import { additionalAt, boundAt, countAt, schemaAt, schemaMapAt, schemasAt, textAt, textsOf } from "./keywords.ts";
import { showPlace } from "./place.ts";
import { compileRegex } from "./regex.ts";
import type { NumberRules, Pattern, Schema } from "./schema.ts";
import { isList, isMap } from "./value.ts";

/** Keywords for objects; `isAlone`: a reference of an old draft hides those that draft 4 knew. */
export function compileObjectRules(compiling: Compiling, isAlone: boolean): string | undefined {
  const { keywords, schema, resource } = compiling;
  const { object: rules, version } = schema;
  const applies = takes(resource, "applicator");
  if (!isAlone && applies) {
    rules.properties = schemaMapAt(compiling, "properties");
    rules.additional = additionalAt(compiling, "additionalProperties");
    rules.dependencies = dependenciesOf(compiling);
    const wrong = compilePatterns(compiling);
    if (wrong !== undefined) return wrong;
  }
  if (!isAlone && takes(resource, "validation")) {
    rules.least = countAt(keywords, "minProperties");
    rules.most = countAt(keywords, "maxProperties");
    const required = keywords.get("required");
    rules.required = required === undefined ? undefined : textsOf(required);
  }
  if (version >= 6 && applies) rules.names = schemaAt(compiling, "propertyNames");
  if (version < 2019) return undefined;
  if (applies) rules.dependentSchemas = schemaMapAt(compiling, "dependentSchemas");
  if (takes(resource, "validation")) rules.dependentRequired = requiredOf(compiling);
  if (takes(resource, version === 2019 ? "applicator" : "unevaluated")) rules.unevaluated = schemaAt(compiling, "unevaluatedProperties");
  return undefined;
}

function compilePatterns(compiling: Compiling): string | undefined {
  const found = schemaMapAt(compiling, "patternProperties");
  if (found === undefined) return undefined;
  const patterns: { readonly pattern: Pattern; readonly schema: Schema }[] = [];
  for (const [text, schema] of found) {
    const compiled = compileRegex(text);
    if (!compiled.ok) return wrongPattern(compiling, "patternProperties", text, compiled.problem);
    patterns.push({ pattern: compiled.value, schema });
  }
  compiling.schema.object.patterns = patterns;
  return undefined;
}

function wrongPattern({ schema }: Compiling, keyword: string, text: string, why: string): string {
  const place = showPlace({ url: schema.place.url, pointer: `${schema.place.pointer}/${escapeToken(keyword)}` });
  return `invalid regex ${quote(text)} at ${quote(place)}: ${why}`;
}

function dependenciesOf({ keywords, schema, at }: Compiling): ReadonlyMap<string, readonly string[] | Schema> | undefined {
  const map = keywords.get("dependencies");
  if (!isMap(map)) return undefined;
  const below = `${schema.place.pointer}/dependencies/`;
  return new Map([...map].map(([key, value]): [string, readonly string[] | Schema] => [key, isList(value) ? textsOf(value) : at(below + escapeToken(key))]));
}

function requiredOf({ keywords }: Compiling): ReadonlyMap<string, readonly string[]> | undefined {
  const map = keywords.get("dependentRequired");
  if (!isMap(map)) return undefined;
  return new Map([...map].flatMap(([key, value]): [string, readonly string[]][] => (isList(value) ? [[key, textsOf(value)]] : [])));
}

export function compileArrayRules(compiling: Compiling, isAlone: boolean): void {
  const { keywords, schema, resource } = compiling;
  const { array: rules, version } = schema;
  const applies = takes(resource, "applicator");
  if (!isAlone && applies && version < 2020) {
    rules.items = schemasAt(compiling, "items") ?? schemaAt(compiling, "items");
    if (isList(keywords.get("items"))) rules.additional = additionalAt(compiling, "additionalItems");
  }
  if (!isAlone && takes(resource, "validation")) {
    rules.least = countAt(keywords, "minItems");
    rules.most = countAt(keywords, "maxItems");
    rules.isUnique = keywords.get("uniqueItems") === true;
  }
  if (version >= 6 && applies) rules.contains = schemaAt(compiling, "contains");
  if (version < 2019) return;
  if (rules.contains !== undefined && takes(resource, "validation")) {
    rules.leastContained = countAt(keywords, "minContains");
    rules.mostContained = countAt(keywords, "maxContains");
  }
  if (takes(resource, version === 2019 ? "applicator" : "unevaluated")) rules.unevaluated = schemaAt(compiling, "unevaluatedItems");
  if (version < 2020 || !applies) return;
  rules.prefix = schemasAt(compiling, "prefixItems");
  rules.rest = schemaAt(compiling, "items");
}

export function compileTextRules(compiling: Compiling, isAlone: boolean): string | undefined {
  const { keywords, schema, resource } = compiling;
  if (isAlone || !takes(resource, "validation")) return undefined;
  schema.text.least = countAt(keywords, "minLength");
  schema.text.most = countAt(keywords, "maxLength");
  const text = textAt(keywords, "pattern");
  if (text === undefined) return undefined;
  const compiled = compileRegex(text);
  if (!compiled.ok) return wrongPattern(compiling, "pattern", text, compiled.problem);
  schema.text.pattern = compiled.value;
  return undefined;
}

/** Draft 4 says with true that a bound is exclusive, the others give it a number of its own. */
export function compileNumberRules({ keywords, schema, resource }: Compiling): void {
  if (!takes(resource, "validation")) return;
  const [minimum, maximum] = [boundAt(keywords, "minimum"), boundAt(keywords, "maximum")];
  const [isAbove, isBelow] = [keywords.get("exclusiveMinimum") === true, keywords.get("exclusiveMaximum") === true];
  Object.assign(schema.number, {
    minimum: isAbove ? undefined : minimum,
    above: isAbove ? minimum : boundAt(keywords, "exclusiveMinimum"),
    maximum: isBelow ? undefined : maximum,
    below: isBelow ? maximum : boundAt(keywords, "exclusiveMaximum"),
    multipleOf: boundAt(keywords, "multipleOf"),
  } satisfies NumberRules);
}
