import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { listAt, mapAt, NONE, textAt } from "./read.ts";

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `a=b,c=d`, by key; `<none>` for none. */
export function labelsText(labels: Json | undefined): string {
  const pairs = isObject(labels) ? Object.entries(labels).toSorted(([a], [b]) => byText(a, b)) : [];
  return pairs.length === 0 ? NONE : pairs.map(([key, value]) => `${key}=${String(value)}`).join(",");
}

/** A metav1.LabelSelector as a selector string, by key: `app=web,tier notin (a,b),x`. Source: metav1.FormatLabelSelector. */
export function selectorText(selector: Json | undefined): string {
  if (!isObject(selector)) return NONE;
  const equal = Object.entries(mapAt(selector, "matchLabels")).map(([key, value]) => ({ key, text: `${key}=${String(value)}` }));
  const expressions = listAt(selector, "matchExpressions").map((expression) => ({ key: textAt(expression, "key"), text: expressionText(expression) }));
  const all = [...equal, ...expressions].toSorted((a, b) => byText(a.key, b.key));
  return all.length === 0 ? NONE : all.map(({ text }) => text).join(",");
}

function expressionText(expression: Json): string {
  const key = textAt(expression, "key");
  const values = listAt(expression, "values").map(String).toSorted(byText).join(",");
  switch (textAt(expression, "operator")) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}
