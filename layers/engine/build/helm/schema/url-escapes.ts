import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";

export type UrlPart = "path" | "segment" | "fragment" | "host" | "zone" | "user";

const ALWAYS = "A-Za-z0-9\\-_.~";
/** What stands in a part as it is. Source: Go, net/url shouldEscape. */
const PLAIN: { readonly [Part in UrlPart]: RegExp } = {
  path: new RegExp(`[${ALWAYS}$&+,/:;=@]`),
  segment: new RegExp(`[${ALWAYS}$&+:=@]`),
  fragment: new RegExp(`[${ALWAYS}$&+,/:;=?@!()*]`),
  host: new RegExp(`[${ALWAYS}!$&'()*+,;=:[\\]<>"]`),
  zone: new RegExp(`[${ALWAYS}!$&'()*+,;=:[\\]<>"]`),
  user: new RegExp(`[${ALWAYS}$&+,;=]`),
};
const SPARED = /[!$&'()*+,;=:@[\]%]/;

/** Whether it can stay as it is written, though it would be escaped in another way. */
export const isEscaped = (text: string, part: UrlPart): boolean => [...text].every((character) => SPARED.test(character) || PLAIN[part].test(character));

export const escapeUrl = (text: string, part: UrlPart): string =>
  Array.from(text, (character) => (PLAIN[part].test(character) ? character : escapeBytes(character))).join("");

const escapeBytes = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/** Without its escapes; bytes that make no character become U+FFFD. The problem in Go's words. */
export function unescapeUrl(text: string, part: UrlPart): Result<string> {
  const isHost = part === "host" || part === "zone";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "%") {
      const found = text.slice(at, at + 3);
      if (!/^%[0-9a-fA-F]{2}$/.test(found)) return problem(`invalid URL escape ${quote(found)}`);
      const byte = Number.parseInt(found.slice(1), 16);
      if (part === "host" && byte < 0x80 && found !== "%25") return problem(`invalid URL escape ${quote(found)}`);
      const letter = String.fromCharCode(byte);
      if (part === "zone" && found !== "%25" && letter !== " " && !(byte < 0x80 && PLAIN.host.test(letter)))
        return problem(`invalid URL escape ${quote(found)}`);
      at += 2;
    } else if (isHost && character < "\u0080" && !PLAIN[part].test(character)) return problem(`invalid character ${quote(character)} in host name`);
  }
  if (!text.includes("%")) return ok(text);
  return ok(text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => new TextDecoder().decode(Buffer.from(escapes.replaceAll("%", ""), "hex"))));
}
