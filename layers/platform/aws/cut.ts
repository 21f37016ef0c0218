import type { Json } from "@sluice/engine/domain/json.ts";

type Texts = { readonly [key: string]: string };

/** As many bytes as a value takes as JSON. */
export const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** The entries from the first on that take no more than `limit` bytes together; those behind them go whole. */
export function withinBytes(texts: Texts, limit: number): Texts {
  let size = 0;
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(texts)) {
    size += bytesOf([key, value]);
    if (size > limit) break;
    kept.push([key, value]);
  }
  return Object.fromEntries(kept);
}

/** As many letters as take no more than `limit` bytes of JSON, and at their end how many there were. */
export function cutText(text: string, limit: number): string {
  if (bytesOf(text) <= limit) return text;
  const letters = [...text];
  const ending = ` … (cut: ${letters.length} characters in all)`;
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytesOf(letters.slice(0, middle).join("") + ending) <= limit) fits = middle;
    else tooMany = middle;
  }
  return letters.slice(0, fits).join("") + ending;
}
