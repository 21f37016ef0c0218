/**
 * A text without what writing adds to it: space, line breaks, quotes, and backslashes with what they escape. A value has the same canonical form raw, folded, in lines of
 * base64, in JSON, in Go's `%q`, in either quotes of YAML, and in any of these inside of another.
 */
export type Canonical = {
  readonly text: string;
  /** Where each character of `text` stands in what was written: from, and behind its last character. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
};

const ADDED = /\\+(?:u([0-9a-fA-F]{4})|U[0-9a-fA-F]{8}|x([0-9a-fA-F]{2})|[abefnrtv0NLP_])?|[\s"'\p{Cc}\ufeff\ufffd]+/gu;

/** What an escape stands for, where that is a character which counts. */
function shown(hex: string | undefined): string {
  const character = hex === undefined ? "" : String.fromCharCode(Number.parseInt(hex, 16));
  return /[\s"'\\\p{Cc}\ufeff\ufffd]/u.test(character) ? "" : character;
}

/** Only the text, for what is looked for. */
export const canonicalText = (text: string): string => text.replace(ADDED, (_, long?: string, short?: string) => shown(long ?? short));

/** The text with its places, for what is looked through. */
export function canonical(text: string): Canonical {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  const parts: string[] = [];
  let length = 0;
  let done = 0;
  const keep = (part: string): void => {
    parts.push(part);
  };
  const keepUntil = (end: number): void => {
    for (let at = done; at < end; at++) {
      starts[length] = at;
      ends[length++] = at + 1;
    }
    keep(text.slice(done, end));
  };
  for (const match of text.matchAll(ADDED)) {
    keepUntil(match.index);
    done = match.index + match[0].length;
    const character = shown(match[1] ?? match[2]);
    if (character === "") continue;
    starts[length] = match.index;
    ends[length++] = done;
    keep(character);
  }
  keepUntil(text.length);
  return { text: parts.join(""), starts, ends };
}
