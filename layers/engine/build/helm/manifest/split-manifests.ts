/**
 * The documents of a text, as Helm cuts it: at every line that begins with `---`, whatever follows on it (`---kind: A` begins a document). The blank space
 * around a cut is dropped, and what is nothing at all left out. Source: Helm 4, pkg/release/v1/util/manifest.go, `(?:^|\s*\n)---\s*`.
 */
export function splitManifests(text: string): readonly string[] {
  const whole = trimStart(text);
  const documents: string[] = [];
  let from = 0;
  for (let cut = nextCut(whole, 0); cut !== undefined; cut = nextCut(whole, cut.end)) {
    documents.push(whole.slice(from, cut.start));
    from = cut.end;
  }
  documents.push(whole.slice(from));
  return documents.filter((document) => document !== "").map(trimStart);
}

type Cut = { readonly start: number; readonly end: number };

/** A cut at the very beginning needs no line break before it; one behind another cut needs one that is left. */
function nextCut(text: string, from: number): Cut | undefined {
  if (from === 0 && text.startsWith("---")) return { start: 0, end: afterBlanks(text, 3) };
  const found = text.indexOf("\n---", from);
  if (found < 0) return undefined;
  let start = found;
  while (start > from && isBlank(text.charCodeAt(start - 1))) start--;
  return { start, end: afterBlanks(text, found + 4) };
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** What `\s` means in Go's regular expressions. */
const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x0c;

/** Go's unicode.IsSpace. */
const SPACES = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const trimStart = (text: string): string => text.replace(SPACES, "");

/** Whether there is nothing but space. */
export const isBlankText = (text: string): boolean => trimStart(text) === "";
