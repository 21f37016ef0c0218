import { compileArrayRules, compileNumberRules, compileObjectRules, compileTextRules } from "./compile-rules.ts";
import type { Compiling } from "./compiling.ts";
import { takes } from "./documents.ts";
import { FORMATS } from "./formats.ts";
import { schemaAt, schemasAt, textAt } from "./keywords.ts";
import { anchorOf } from "./place.ts";
import { compileRegex } from "./regex.ts";
import { isList, type TypeName } from "./value.ts";

/**
 * Fills a schema with what its keywords say, as its draft knows them; a keyword of a wrong type is none. What is wrong with it, as a compiler says it.
 * Source: santhosh-tekuri/jsonschema v6, objcompiler.go.
 */
export function compileKeywords(compiling: Compiling): string | undefined {
  const wrong = compileReferences(compiling);
  if (wrong !== undefined) return wrong;
  const { schema } = compiling;
  // Up to draft 7 whatever stands beside a reference is not looked at, but what later drafts have of their own.
  const isAlone = schema.version < 2019 && schema.reference !== undefined;
  if (!isAlone) compileConditions(compiling);
  return compileObjectRules(compiling, isAlone) ?? compileTextRules(compiling, isAlone) ?? compileOthers(compiling, isAlone);
}

function compileOthers(compiling: Compiling, isAlone: boolean): string | undefined {
  compileArrayRules(compiling, isAlone);
  if (!isAlone) {
    compileNumberRules(compiling);
    compileTypes(compiling);
    compileFormat(compiling);
  }
  compileLater(compiling);
  return undefined;
}

function compileReferences(compiling: Compiling): string | undefined {
  const { keywords, schema, refer } = compiling;
  const reference = textAt(keywords, "$ref");
  const referred = reference === undefined ? undefined : refer(reference);
  if (referred?.ok === false) return referred.problem;
  schema.reference = referred?.value;
  if (schema.version < 2019) return undefined;
  const recursive = textAt(keywords, "$recursiveRef");
  const recurred = recursive === undefined ? undefined : refer(recursive);
  if (recurred?.ok === false) return recurred.problem;
  schema.recursiveReference = recurred?.value;
  schema.isRecursiveAnchor = keywords.get("$recursiveAnchor") === true;
  if (schema.version < 2020) return undefined;
  schema.dynamicAnchor = textAt(keywords, "$dynamicAnchor");
  const dynamic = textAt(keywords, "$dynamicRef");
  if (dynamic === undefined) return undefined;
  const target = refer(dynamic);
  if (!target.ok) return target.problem;
  const anchor = anchorOf(dynamic);
  if (!anchor.ok) return anchor.problem;
  schema.dynamicReference = { schema: target.value, anchor: anchor.value };
  return undefined;
}

function compileConditions(compiling: Compiling): void {
  const { schema, resource } = compiling;
  if (!takes(resource, "applicator")) return;
  schema.allOf = schemasAt(compiling, "allOf");
  schema.anyOf = schemasAt(compiling, "anyOf");
  schema.oneOf = schemasAt(compiling, "oneOf");
  schema.not = schemaAt(compiling, "not");
}

/** What came with drafts 6 and 7, and is not hidden by a reference even there. */
function compileLater(compiling: Compiling): void {
  const { keywords, schema, resource } = compiling;
  if (schema.version >= 6 && takes(resource, "validation") && keywords.has("const")) schema.constant = keywords.get("const");
  if (schema.version < 7 || !takes(resource, "applicator")) return;
  schema.condition = schemaAt(compiling, "if");
  if (schema.condition === undefined) return;
  const always = keywords.get("if");
  if (always !== false) schema.consequence = schemaAt(compiling, "then");
  if (always !== true) schema.alternative = schemaAt(compiling, "else");
}

const TYPES: readonly TypeName[] = ["null", "boolean", "number", "integer", "string", "array", "object"];

function compileTypes({ keywords, schema, resource }: Compiling): void {
  if (!takes(resource, "validation")) return;
  const said = keywords.get("type");
  const named = isList(said) ? said : [said];
  const types = TYPES.filter((type) => named.includes(type));
  schema.types = types.length === 0 ? undefined : types;
  const choices = keywords.get("enum");
  schema.choices = isList(choices) ? choices : undefined;
}

function compileFormat({ keywords, schema, resource, assertsFormats }: Compiling): void {
  const { version } = schema;
  const isAsserted = assertsFormats || version < 2019 || takes(resource, version === 2019 ? "format" : "format-assertion");
  const name = isAsserted ? textAt(keywords, "format") : undefined;
  if (name === undefined) return;
  const check = name === "regex" ? checkRegex : FORMATS.get(name);
  schema.format = check === undefined ? undefined : { name, check };
}

function checkRegex(text: string): string | undefined {
  const compiled = compileRegex(text);
  return compiled.ok ? undefined : compiled.problem;
}
