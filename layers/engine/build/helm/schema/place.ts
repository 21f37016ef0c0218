import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { unescapeToken } from "./draft.ts";
import { formatUrl, parseUrl, resolveUrl } from "./url.ts";
import { escapeUrl, unescapeUrl } from "./url-escapes.ts";
import { isList, isMap, type Value } from "./value.ts";

/** Where a schema stands: in which document, and where in it, as a JSON pointer. */
export type Place = { readonly url: string; readonly pointer: string };
/** What a reference names: a pointer (empty, or begins with a slash) or an anchor of a document. */
export type Target = { readonly url: string; readonly fragment: string };

/** `file:///values.schema.json#/properties/a%20b` */
export const showPlace = ({ url, pointer }: Place): string => `${url}#${escapeFragment(pointer)}`;
export const showTarget = ({ url, fragment }: Target): string => `${url}#${escapeFragment(fragment)}`;

const escapeFragment = (text: string): string =>
  text
    .split("/")
    .map((part) => escapeUrl(part, "segment"))
    .join("/");

/** The fragment of a reference, decoded. */
export function splitReference(text: string): Result<Target> {
  const hash = text.indexOf("#");
  if (hash < 0) return ok({ url: text, fragment: "" });
  const fragment = unescapeUrl(text.slice(hash + 1), "segment");
  return fragment.ok ? ok({ url: text.slice(0, hash), fragment: fragment.value }) : notParsed(text, fragment.problem);
}

/** What `reference` names when it stands in a document at `base`. */
export function resolveReference(base: string, reference: string): Result<Target> {
  const split = splitReference(reference);
  if (!split.ok) return split;
  const from = parseUrl(base);
  if (!from.ok) return notParsed(base, from.problem);
  const to = parseUrl(split.value.url);
  if (!to.ok) return notParsed(split.value.url, to.problem);
  return ok({ url: formatUrl(resolveUrl(from.value, to.value)), fragment: split.value.fragment });
}

const notParsed = (url: string, why: string): Result<never> => problem(`error in parsing ${quote(url)}: ${why}`);

export const isPointer = (fragment: string): boolean => fragment === "" || fragment.startsWith("/");

/** What stands at a place of a document. */
export function lookUp(document: Value, place: Place): Result<Value> {
  let value = document;
  for (const token of place.pointer.split("/").slice(1)) {
    const key = unescapeToken(token);
    if (key === undefined) return problem(`invalid json-pointer ${quote(showPlace(place))}`);
    const next = isMap(value) ? value.get(key) : isList(value) && /^\+?\d+$|^-0+$/.test(key) ? value[Number(key)] : undefined;
    if (next === undefined) return problem(`json-pointer in ${quote(showPlace(place))} not found`);
    value = next;
  }
  return ok(value);
}

/** The anchor that a reference names; empty where it names a pointer. */
export function anchorOf(reference: string): Result<string> {
  const split = splitReference(reference);
  if (!split.ok) return split;
  const { fragment } = split.value;
  return ok(fragment === "" || fragment.startsWith("/") ? "" : fragment);
}
