import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Tree } from "../domain/tree.ts";
import { readYaml } from "./yaml/read.ts";

const HIDDEN = "***";
/** Shorter values occur in every text; replacing them would say more than it hides. */
const SHORTEST = 3;
const MENTIONS_SECRETS = /secret/i;

/**
 * What kustomize says about a build that failed, without the values of the Secrets in its tree: kustomize prints whole objects, contents of
 * nodes and literals. Values that a file which is no YAML holds are not known; of its errors only anchors quote the file.
 * Source: security.md, "Secret values in diffs/events/errors".
 */
export function hideSecrets(message: string, tree: Tree): string {
  const values = new Set<string>();
  let unreadable = false;
  for (const [path, { bytes }] of tree) {
    const text = new TextDecoder().decode(bytes);
    if (!MENTIONS_SECRETS.test(text) || !isYaml(path)) continue;
    const read = readYaml(text, "last wins");
    unreadable ||= !read.ok;
    if (read.ok) for (const document of read.value) collectFrom(document, values);
  }
  const shown = unreadable ? message.replaceAll(/unknown anchor '[^']*'/g, `unknown anchor '${HIDDEN}'`) : message;
  return hideValues(shown, values, HIDDEN);
}

/** `text` with `mask` for each of `values` that is long enough to mean something, the longest first. */
export function hideValues(text: string, values: Iterable<string>, mask: string): string {
  const found = [...new Set(values)].filter((value) => value.length >= SHORTEST && text.includes(value));
  return found.toSorted((a, b) => b.length - a.length).reduce((rest, value) => rest.replaceAll(value, mask), text);
}

/** Every value in the data of a Secret: as it stands there, as text inside of quotes, decoded, and each line by itself. */
export function secretValuesOf(secret: JsonObject): readonly string[] {
  const values = new Set<string>();
  for (const [key, data] of Object.entries(secret)) if (/^(?:string)?data$/i.test(key)) for (const leaf of leavesOf(data)) addForms(leaf, values);
  return [...values];
}

const isYaml = (path: string): boolean => /\.ya?ml$|(?:^|\/)Kustomization$|\.json$/.test(path);

function collectFrom(document: Json, values: Set<string>): void {
  if (!isObject(document)) return;
  const waiting: JsonObject[] = [document];
  for (const object of waiting) {
    if (isSecret(object)) for (const value of secretValuesOf(object)) values.add(value);
    if (isArray(object.items)) waiting.push(...object.items.filter(isObject));
    for (const generator of listOf(object, "secretgenerator")) for (const literal of literalsOf(generator)) addLiteral(literal, values);
    for (const patch of listOf(object, "patches")) if (isObject(patch) && typeof patch.patch === "string") waiting.push(...objectsIn(patch.patch));
  }
}

const isSecret = ({ kind }: JsonObject): boolean => typeof kind === "string" && kind.toLowerCase() === "secret";

function listOf(object: JsonObject, field: string): readonly Json[] {
  return Object.entries(object).flatMap(([key, value]) => (key.toLowerCase() === field && isArray(value) ? value : []));
}

const literalsOf = (generator: Json): readonly Json[] => (isObject(generator) ? listOf(generator, "literals") : []);

function addLiteral(literal: Json, values: Set<string>): void {
  if (typeof literal !== "string") return;
  addForms(literal, values);
  addForms(literal.slice(literal.indexOf("=") + 1), values);
}

function objectsIn(text: string): readonly JsonObject[] {
  const read = MENTIONS_SECRETS.test(text) ? readYaml(text, "last wins") : undefined;
  return read?.ok === true ? read.value.filter(isObject) : [];
}

/** Texts, numbers and booleans below a value. The reader has bounded its depth. */
function leavesOf(value: Json): readonly string[] {
  const leaves: string[] = [];
  const waiting: Json[] = [value];
  for (const next of waiting) {
    if (isArray(next)) waiting.push(...next);
    else if (isObject(next)) waiting.push(...Object.values(next));
    else if (next !== null && typeof next !== "boolean") leaves.push(String(next), ...(typeof next === "number" ? [goNumber(next)] : []));
  }
  return leaves;
}

/** As Go prints a float64. */
const goNumber = (value: number): string => value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");

function addForms(value: string, values: Set<string>): void {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const lines = [value, decoded].flatMap((text) => [text, ...text.split(/[\r\n]+/)]).map((line) => line.trim());
  for (const line of [value, ...lines]) {
    values.add(line);
    values.add(JSON.stringify(line).slice(1, -1));
  }
}
