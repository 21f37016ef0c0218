/** Texts here are bytes, a character each. Lines are broken at spaces, and inside of words that are longer than a line only where `breakWords` says so. Source: goutils WrapCustom. */
export function wrap(text: string, wanted: number, separator: string, breakWords: boolean): string {
  const width = Math.max(1, wanted);
  const lines: string[] = [];
  let at = 0;
  while (text.length - at > width) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const space = text.slice(at, at + width + 1).lastIndexOf(" ");
    const end = space >= 0 ? at + space : endOfWord(text, at + width, breakWords);
    if (end === -1) {
      lines.push(text.slice(at));
      at = text.length;
      return lines.join(separator);
    }
    lines.push(text.slice(at, end));
    at = space >= 0 || !breakWords ? end + 1 : end;
  }
  return [...lines, text.slice(at)].join(separator);
}

/** Where a word that is longer than a line is broken; -1 when it goes on to the end of the text. */
const endOfWord = (text: string, end: number, breakWords: boolean): number => (breakWords ? end : text.indexOf(" ", end));
