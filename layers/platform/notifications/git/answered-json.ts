import type { Json } from "@sluice/engine/domain/json.ts";

/** Each value takes memory of its own, however short it is written: eight megabytes of `[{},{},…]` would be three hundred. */
const MOST_VALUES = 300_000;

/** What an answer's body says; undefined when it is no JSON, or more than any answer has. */
export function answeredJson(body: Uint8Array): Json | undefined {
  if (hasMoreValues(body, MOST_VALUES)) return undefined;
  try {
    return JSON.parse(
      Buffer.from(body)
        .toString()
        .replace(/^\uFEFF/, ""),
    );
  } catch {
    // No JSON: whoever needs it says so.
    return undefined;
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** Before each value but the first stands one of them: `,`, `[`, `{`. */
const BEFORE_VALUES = new Set([0x2c, 0x5b, 0x7b]);

function hasMoreValues(text: Uint8Array, most: number): boolean {
  let values = 1;
  let isQuoted = false;
  for (let at = 0; at < text.length && values <= most; at++) {
    const sign = text[at] ?? 0;
    if (sign === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted && sign === BACKSLASH) at++;
    else if (!isQuoted && BEFORE_VALUES.has(sign)) values++;
  }
  return values > most;
}
