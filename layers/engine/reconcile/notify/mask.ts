import { hideForms } from "../../build/secrets/forms.ts";
import { maskValues } from "../../build/secrets/mask-values.ts";
import { limited } from "../../build/work.ts";
import { percentDecoded } from "./percent-decoded.ts";

const MASK = "*****";
/** Some seconds: texts are answers of servers, of which the first kilobytes are read. */
const MOST_STEPS = 20_000_000;
/** An answer's text is bounded before it gets here; nothing longer goes into an Event. */
const LONGEST = 16_384;

/** A text without what must not be shown. */
export type Mask = (text: string) => string;

/**
 * Hides each of the values as Flux hides tokens, in whatever form a server or an error may show it: as it is, line by line, word by word of a line
 * (`Authorization: Bearer …`), in base64, percent-encoded. Source: security.md, "Secret values in diffs/events/errors".
 */
export function createMask(values: readonly string[]): Mask {
  if (values.every((value) => value === "")) return (text) => text.slice(0, LONGEST);
  return (text) =>
    limited(
      MOST_STEPS,
      () => maskValues(text, MASK, (hide) => formsOf(values, hide)).slice(0, LONGEST),
      () => "the message may show Secrets, and is too large to be looked through",
    );
}

function formsOf(values: readonly string[], hide: (value: string) => void): void {
  for (const value of values) {
    hideForms(value, hide);
    const encoded = encodeURIComponent(wellFormed(value.trim()));
    if (encoded !== value) hide(encoded);
    for (const word of value.split(/[\s"':,=]+/)) if (word.length >= LONG_WORD) hideForms(word, hide);
    for (const part of addressParts(value)) hide(part);
  }
}

/** Shorter words of a value are words of every text. */
const LONG_WORD = 8;

/** An address shows as it was normalised, or as the path of another. */
function addressParts(value: string): readonly string[] {
  const trimmed = value.trim();
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return [];
  const { href, pathname, search, username, password } = new URL(trimmed);
  const path = pathname + search;
  return [href, ...[path, pathname, search, username, percentDecoded(password), password].filter((part) => part.length >= LONG_WORD)];
}

const wellFormed = (text: string): string => text.toWellFormed();
