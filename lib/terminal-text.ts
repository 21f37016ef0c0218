/**
 * `text` as a terminal may show it: a commit message, an object's name or a server's answer must not move the cursor, clear the screen, set the
 * title or reverse the line. Line breaks and tabs stay. kubectl does this since CVE-2021-25743 for the escape character; the `flux` command does not.
 */
export const terminalText = (text: string): string => text.replaceAll(UNSAFE, shown);

/** Control characters (C0, DEL, C1), and those that turn the direction of writing around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

function shown(character: string): string {
  if (character === "\x1b") return "^[";
  if (character === "\r") return "\\r";
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
}
