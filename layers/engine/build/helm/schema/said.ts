import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { type Dialect, type Draft, draftOf } from "./draft.ts";
import { metaschemaAt } from "./metaschemas.ts";
import { type Place, showPlace } from "./place.ts";
import { parseUrl } from "./url.ts";
import { isMap, type Value, type ValueMap } from "./value.ts";

/** The draft that `$schema` leads to, by way of metaschemas of the user's own. */
export function draftSaid(given: ReadonlyMap<string, Value>, place: Place, schema: Value, fallback: Draft, passed: readonly string[]): Result<Draft> {
  const said = isMap(schema) ? schema.get("$schema") : undefined;
  if (typeof said !== "string") return ok(fallback);
  const draft = draftOf(said);
  if (draft !== undefined) return ok(draft);
  const url = said.split("#")[0] ?? "";
  const parsed = parseUrl(url);
  if (!parsed.ok) return problem(`invalid $schema in ${quote(showPlace(place))}: ${parsed.problem}`);
  if (place.pointer === "" && url === place.url) return problem(`draft ${quote(url)} is not supported`);
  if (passed.includes(url)) return problem(`cycle in resolving $schema in ${quote(url)}`);
  const loaded = load(given, url);
  return loaded.ok ? draftSaid(given, { url, pointer: "" }, loaded.value, fallback, [...passed, url]) : loaded;
}

export function dialectSaid(given: ReadonlyMap<string, Value>, schema: ValueMap, draft: Draft): Result<Dialect> {
  const said = schema.get("$schema");
  if (typeof said !== "string" || draftOf(said) !== undefined || draft.version < 2019) return ok({ draft, vocabularies: undefined });
  const url = said.split("#")[0] ?? "";
  const loaded = load(given, url);
  if (!loaded.ok) return loaded;
  const required = isMap(loaded.value) ? loaded.value.get("$vocabulary") : undefined;
  if (!isMap(required)) return ok({ draft, vocabularies: undefined });
  const prefix = draft.url.replace(/schema$/, "vocab/");
  const vocabularies: string[] = [];
  for (const [vocabulary, isRequired] of required) {
    if (isRequired !== true) continue;
    const name = vocabulary.startsWith(prefix) ? vocabulary.slice(prefix.length) : "";
    if (!draft.vocabularies.includes(name)) return problem(`unsupported vocabulary ${quote(vocabulary)} in ${quote(url)}`);
    vocabularies.push(name);
  }
  return ok({ draft, vocabularies: hasCore(vocabularies) ? vocabularies : [...vocabularies, "core"] });
}

const hasCore = (vocabularies: readonly string[]): boolean => vocabularies.includes("core");

/** What is at an address without asking anybody. An unknown `urn:` lets everything pass, as in Helm. */
export function load(given: ReadonlyMap<string, Value>, url: string): Result<Value> {
  const known = given.has(url) ? given.get(url) : metaschemaAt(url);
  if (known !== undefined) return ok(known);
  const parsed = parseUrl(url);
  if (!parsed.ok) return problem(`failing loading ${quote(url)}: ${parsed.problem}`);
  switch (parsed.value.scheme) {
    case "urn":
      return ok(true);
    case "http":
    case "https":
    case "file":
      return problem(`failing loading ${quote(url)}: a chart's schema may refer only to what stands in itself`);
    default:
      return problem(`failing loading ${quote(url)}: no URLLoader registered for ${quote(url)}`);
  }
}
