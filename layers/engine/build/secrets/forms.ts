import { isArray, isObject, type Json } from "../../domain/json.ts";
import type { Hide } from "./mask-values.ts";

/** Hides a value as it stands there, what it decodes to, its base64, and each line of these by itself. */
export function hideForms(value: string, hide: Hide): void {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  for (const text of decoded.includes("\ufffd") ? [value] : [value, decoded]) {
    hide(text);
    for (const line of text.split(/[\r\n]+/)) hideLine(line, hide);
    hide(Buffer.from(text).toString("base64"));
    hide(Buffer.from(text.trim()).toString("base64"));
  }
}

function hideLine(line: string, hide: Hide): void {
  const trimmed = line.trim();
  hide(trimmed);
  hide(Buffer.from(trimmed).toString("base64"));
}

/** What is said of a file: all of it, each line, and each value of lines `key=value`. */
export function hideFile(bytes: Uint8Array, hide: Hide): void {
  hide(Buffer.from(bytes).toString("base64"));
  const text = new TextDecoder().decode(bytes);
  hideForms(text, hide);
  for (const line of text.split(/[\r\n]+/)) hidePair(line, hide);
  // kustomize shows the bytes of a line that is no UTF-8.
  if (!text.includes("\ufffd")) return;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    hide(bytes.subarray(start, end).join(" "));
    start = end + 1;
  }
}

/** Of `key=value` the value; without a key or a value, all of it. */
export function hidePair(pair: string, hide: Hide): void {
  const value = pair.slice(pair.indexOf("=") + 1);
  hideForms(value, hide);
  if (value.length > 1 && /^(["']).*\1$/s.test(value)) hideForms(value.slice(1, -1), hide);
}

/** Texts and numbers below a value. The reader has bounded its depth. */
export function leavesOf(value: Json): readonly string[] {
  const leaves: string[] = [];
  const waiting: Json[] = [value];
  for (const next of waiting) {
    if (isArray(next)) for (const item of next) waiting.push(item);
    else if (isObject(next)) for (const item of Object.values(next)) waiting.push(item);
    else if (next !== null && typeof next !== "boolean") leaves.push(String(next), ...(typeof next === "number" ? [goNumber(next)] : []));
  }
  return leaves;
}

/** As Go prints a float64. */
const goNumber = (value: number): string => value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
