import type { Json, JsonObject } from "../../../layers/engine/domain/json.ts";
import { type Chance, createChance } from "../chance.ts";
import type { SchemaCase } from "./schema-case.ts";

/** Schemas of all drafts with values that sometimes fit: what two implementations say of them is compared. */
export function randomSchemas(seed: number, count: number): readonly SchemaCase[] {
  const chance = createChance(seed);
  return Array.from({ length: count }, () => {
    const draft = chance.pick(DRAFTS);
    const schema: JsonObject = {
      ...(draft.url !== undefined && { $schema: draft.url }),
      ...(draft.version >= 2019 ? { $defs: definitions(chance, draft.version) } : { definitions: definitions(chance, draft.version) }),
      properties: Object.fromEntries(KEYS.map((key) => [key, schemaOf(chance, draft.version, 3)])),
      ...keywordsOf(chance, draft.version, 2),
    };
    const values = Object.fromEntries(KEYS.filter(() => chance.isSo(0.7)).map((key) => [key, drawValue(chance, 3)]));
    return { schema: JSON.stringify(schema), values };
  });
}

const DRAFTS = [
  { version: 4, url: "http://json-schema.org/draft-04/schema#" },
  { version: 6, url: "http://json-schema.org/draft-06/schema#" },
  { version: 7, url: "http://json-schema.org/draft-07/schema#" },
  { version: 2019, url: "https://json-schema.org/draft/2019-09/schema" },
  { version: 2020, url: "https://json-schema.org/draft/2020-12/schema" },
  { version: 2020, url: undefined },
] as const;

const KEYS = ["a", "b", "c/d", "e'f"] as const;
/** As a plain key it would make a promise of the object, as far as the linter knows. */
const THEN = "then";
const TEXTS = ["", "x", "abc", "1.2.3", "2024-02-29", "a@b.c", "ä'\"", "10.0.0.1", "#"] as const;
const NUMBERS = [0, 1, -3, 2.5, 7, 10, 1234, 1234567, 0.0001] as const;

const definitions = (chance: Chance, draft: number): JsonObject => ({
  one: schemaOf(chance, draft, 2),
  two: schemaOf(chance, draft, 1),
  "th~ree/": { type: "string" },
});

function drawValue(chance: Chance, depth: number): Json {
  const kind = chance.below(depth > 0 ? 7 : 5);
  if (kind === 0) return null;
  if (kind === 1) return chance.isSo(0.5);
  if (kind === 2 || kind === 3) return chance.pick(NUMBERS);
  if (kind === 4) return chance.pick(TEXTS);
  if (kind === 5) return Array.from({ length: chance.below(4) }, () => drawValue(chance, depth - 1));
  return Object.fromEntries(KEYS.filter(() => chance.isSo(0.5)).map((key) => [key, drawValue(chance, depth - 1)]));
}

function schemaOf(chance: Chance, draft: number, depth: number): Json {
  if (draft >= 6 && chance.isSo(0.05)) return chance.isSo(0.5);
  return keywordsOf(chance, draft, depth);
}

type Make = (chance: Chance, draft: number, depth: number) => JsonObject;
const list = (chance: Chance, draft: number, depth: number): Json => Array.from({ length: 1 + chance.below(3) }, () => schemaOf(chance, draft, depth - 1));
const types = ["null", "boolean", "number", "integer", "string", "array", "object"] as const;

const PLAIN: readonly Make[] = [
  (chance) => ({ type: chance.pick(types) }),
  (chance) => ({ type: [...new Set([chance.pick(types), chance.pick(types)])] }),
  (chance) => ({ enum: [...new Set([drawValue(chance, 0), drawValue(chance, 0), chance.pick(TEXTS)])] }),
  (chance) => ({ minimum: chance.pick(NUMBERS) }),
  (chance) => ({ maximum: chance.pick(NUMBERS) }),
  (chance) => ({ multipleOf: chance.pick([1, 0.5, 3, 0.1]) }),
  (chance) => ({ minLength: chance.below(5) }),
  (chance) => ({ maxLength: chance.below(5) }),
  (chance) => ({ pattern: chance.pick(["^a", "[0-9]+", "x$", "\\p{L}"]) }),
  (chance) => ({ format: chance.pick(["date", "ipv4", "email", "uri", "hostname", "regex", "semver", "date-time", "uuid", "unknown"]) }),
  (chance) => ({ minItems: chance.below(3) }),
  (chance) => ({ maxItems: chance.below(3) }),
  () => ({ uniqueItems: true }),
  (chance) => ({ minProperties: chance.below(3) }),
  (chance) => ({ maxProperties: chance.below(3) }),
  (chance) => ({ required: [...new Set([chance.pick(KEYS), chance.pick(KEYS)])] }),
  (_, draft) => ({ $ref: draft >= 2019 ? "#/$defs/one" : "#/definitions/one" }),
  (_, draft) => ({ $ref: draft >= 2019 ? "#/$defs/th~0ree~1" : "#/definitions/th~0ree~1" }),
  (chance, draft) => (draft >= 6 ? { const: drawValue(chance, 1) } : { exclusiveMinimum: true, minimum: chance.pick(NUMBERS) }),
  (chance, draft) => (draft >= 6 ? { exclusiveMaximum: chance.pick(NUMBERS) } : {}),
  (chance, draft) =>
    draft >= 2019 ? { dependentRequired: { [chance.pick(KEYS)]: [chance.pick(KEYS)] } } : { dependencies: { [chance.pick(KEYS)]: [chance.pick(KEYS)] } },
];

const DEEP: readonly Make[] = [
  (chance, draft, depth) => ({ allOf: list(chance, draft, depth) }),
  (chance, draft, depth) => ({ anyOf: list(chance, draft, depth) }),
  (chance, draft, depth) => ({ oneOf: list(chance, draft, depth) }),
  (chance, draft, depth) => ({ not: schemaOf(chance, draft, depth - 1) }),
  (chance, draft, depth) => ({ properties: { [chance.pick(KEYS)]: schemaOf(chance, draft, depth - 1), a: schemaOf(chance, draft, depth - 1) } }),
  (chance, draft, depth) => ({ additionalProperties: chance.isSo(0.5) ? false : schemaOf(chance, draft, depth - 1) }),
  (chance, draft, depth) => ({ patternProperties: { "^[ab]": schemaOf(chance, draft, depth - 1) } }),
  (chance, draft, depth) => ({ items: draft === 2020 || chance.isSo(0.5) ? schemaOf(chance, draft, depth - 1) : list(chance, draft, depth) }),
  (chance, draft, depth) =>
    draft === 2020 ? { prefixItems: list(chance, draft, depth) } : { additionalItems: schemaOf(chance, draft, depth - 1), items: list(chance, draft, depth) },
  (chance, draft, depth) =>
    draft >= 6
      ? { contains: schemaOf(chance, draft, depth - 1), ...(draft >= 2019 && { minContains: chance.below(3), maxContains: 1 + chance.below(2) }) }
      : {},
  (chance, draft, depth) => (draft >= 6 ? { propertyNames: schemaOf(chance, draft, depth - 1) } : {}),
  (chance, draft, depth) =>
    draft >= 7 ? { if: schemaOf(chance, draft, depth - 1), [THEN]: schemaOf(chance, draft, depth - 1), else: schemaOf(chance, draft, depth - 1) } : {},
  (chance, draft, depth) => (draft >= 2019 ? { unevaluatedProperties: chance.isSo(0.6) ? false : schemaOf(chance, draft, depth - 1) } : {}),
  (chance, draft, depth) => (draft >= 2019 ? { unevaluatedItems: chance.isSo(0.6) ? false : schemaOf(chance, draft, depth - 1) } : {}),
  (chance, draft, depth) =>
    draft >= 2019
      ? { dependentSchemas: { [chance.pick(KEYS)]: schemaOf(chance, draft, depth - 1) } }
      : { dependencies: { a: schemaOf(chance, draft, depth - 1) } },
];

function keywordsOf(chance: Chance, draft: number, depth: number): JsonObject {
  const made: JsonObject[] = [];
  for (let count = chance.below(3); count >= 0; count--) {
    made.push(depth > 0 && chance.isSo(0.5) ? chance.pick(DEEP)(chance, draft, depth) : chance.pick(PLAIN)(chance, draft, depth));
  }
  return Object.assign({}, ...made);
}
