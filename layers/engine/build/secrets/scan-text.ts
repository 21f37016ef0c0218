import { hideForms } from "./forms.ts";
import type { Hide } from "./mask-values.ts";

type Text = {
  readonly isReadable: boolean;
  /** A patch that may be meant for a Secret. */
  readonly isOfSecret: boolean;
};

const IS_SECRET = /kind["']?\s*:\s*["']?secret/i;
const DATA = /\b(?:string)?data["']?\s*:|"value"\s*:|\bvalue:/i;
/** Words that say nothing, and are no values. */
const WORD = /^(?:true|false|null|yes|no|on|off|add|replace|test|remove|copy|move)$/i;

/**
 * Hides the values of Secrets in a text line by line, as they are written: numbers and times that a reader has made something else of, and all of what is no YAML, of which
 * messages quote the part that is wrong.
 */
export function scanText(text: string, { isReadable, isOfSecret }: Text, hide: Hide): void {
  if (!isReadable && isOfSecret) hide(text.trim());
  for (const document of text.split(/^---/m)) {
    if (isOfSecret || IS_SECRET.test(document)) scanDocument(document, isReadable, hide);
  }
}

function scanDocument(document: string, isReadable: boolean, hide: Hide): void {
  let inside: number | undefined;
  for (const [index, line] of document.split(/[\r\n]+/).entries()) {
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    // What stands behind a separator.
    if (index === 0 && !isReadable) hidePieces(line, hide);
    if (isReadable && inside !== undefined && indent <= inside) inside = undefined;
    if (inside !== undefined) hidePieces(line, hide);
    const found = DATA.exec(line);
    if (found === null) continue;
    inside ??= indent;
    hidePieces(line.slice(found.index + found[0].length), hide);
  }
}

/** All that may be a value in a line. */
function hidePieces(line: string, hide: Hide): void {
  for (const piece of [line.replace(/[\]}\s,]{1,100}$/, ""), ...line.split(/[,{}[\]]/)]) {
    const value = piece.slice(/:\s|:$/.exec(piece)?.index ?? 0).replace(/^[:\s-]+/, "");
    hideWritten(value, hide);
    hideWritten(value.replace(/^(?:[!&]\S*\s+)+/, ""), hide);
    hideWritten(value.replace(/\s+#.*$/, ""), hide);
    hideWritten(value.replace(/^[*&!]+/, ""), hide);
  }
}

function hideWritten(text: string, hide: Hide): void {
  const value = text.trim().replace(/^["'](.*)["']$/, "$1");
  if (!WORD.test(value)) hideForms(value, hide);
}
