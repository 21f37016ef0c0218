/** Something wrong at one place of an expression; `offset` counts UTF-16 units of its text. Without an offset it is about the whole. */
export type SourceError = { readonly offset?: number; readonly message: string };

/** More are only counted: each shows its whole line, and every character of a text can be one. Source: cel-go common/errors.go. */
const MOST_ERRORS = 100;
/** In bytes. Longer lines are not shown. Source: cel-go common/error.go, maxSnippetLength. */
const LONGEST_LINE = 16_384;

/**
 * The errors in the form of cel-go: place, message, the line and a caret below it; in the order of their places.
 * Source: recordings of notifications/ and apply/; cel-go common/error.go (columns count characters; wide ones get wide dots).
 */
export function renderSourceErrors(text: string, errors: readonly SourceError[]): string {
  const rendered = errors
    .slice(0, MOST_ERRORS)
    .toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1))
    .map((error) => render(text, error));
  const more = errors.length - rendered.length;
  return [...rendered, ...(more > 0 ? [`${more} more errors were truncated`] : [])].join("\n");
}

function render(text: string, { offset, message }: SourceError): string {
  if (offset === undefined) return `ERROR: <input>:-1:0: ${message}`;
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  const line = (text.slice(start).split("\n", 1)[0] ?? "").replaceAll("\t", " ");
  const ahead = [...text.slice(start, offset)];
  const said = `ERROR: <input>:${before.split("\n").length}:${ahead.length + 1}: ${message}`;
  if (Buffer.byteLength(line) > LONGEST_LINE) return said;
  const under = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const dots = ahead.map((character) => (isWide(character) ? "．" : ".")).join("");
  return `${said}\n | ${line}\n | ${dots}${isWide(under) ? "＾" : "^"}`;
}

const isWide = (character: string): boolean => character > "\u007f";
