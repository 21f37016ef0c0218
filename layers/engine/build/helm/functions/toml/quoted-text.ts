const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\f", "\\f"],
  ["\r", "\\r"],
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is escaped
const ESCAPED = /["\\\u0000-\u001f\u007f]/g;

/** Source: BurntSushi/toml encode.go (dblQuotedReplacer). */
export const quotedText = (text: string): string =>
  `"${text.replaceAll(ESCAPED, (character) => ESCAPES.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
