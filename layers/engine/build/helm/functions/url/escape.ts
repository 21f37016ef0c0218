import { quote } from "../../../text/quote.ts";
import { textOfOctets } from "../text/octets.ts";

/** Parts of a URL, which differ in what must be escaped. Source: Go net/url, the type encoding. */
export type UrlPart = "path" | "userPassword" | "host" | "zone" | "fragment";

const PLAIN = /[A-Za-z0-9\-_.~]/;
/** What else may stand in a part as it is. */
const ALSO: { readonly [Part in UrlPart]: string } = {
  path: "$&+,/:;=@",
  userPassword: "$&+,;=",
  host: "!$&'()*+,;=:[]<>\"",
  zone: "!$&'()*+,;=:[]<>\"",
  fragment: "$&+,/:;=?@!()*",
};

const needsEscape = (octet: string, part: UrlPart): boolean => !PLAIN.test(octet) && !ALSO[part].includes(octet);

/** `octets` has a character for each byte. */
export const escapePart = (octets: string, part: UrlPart): string =>
  Array.from(octets, (octet) => (needsEscape(octet, part) ? `%${hex(octet)}` : octet)).join("");

const hex = (octet: string): string => octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");

export type Unescaped = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string };

const ESCAPE = /^%[0-9a-fA-F]{2}/;

/** Source: Go net/url unescape. Of a host only bytes beyond ASCII may be escaped. */
export function unescapePart(octets: string, part: UrlPart): Unescaped {
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? "";
    if (octet === "%") {
      const code = octets.slice(at, at + 3);
      if (!ESCAPE.test(code) || isRefused(code, part)) return { ok: false, problem: `invalid URL escape ${quote(textOfOctets(code))}` };
      at += 2;
    } else if ((part === "host" || part === "zone") && octet < "\x80" && needsEscape(octet, part)) {
      return { ok: false, problem: `invalid character ${quote(octet)} in host name` };
    }
  }
  return { ok: true, value: octets.replaceAll(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) };
}

function isRefused(code: string, part: UrlPart): boolean {
  if (code === "%25") return false;
  const value = Number.parseInt(code.slice(1), 16);
  if (part === "host") return value < 0x80;
  return part === "zone" && value !== 0x20 && needsEscape(String.fromCharCode(value), "host");
}

/** Whether `written` may stand for itself in a URL. Source: Go net/url validEncoded. */
export const isEncoded = (written: string, part: "path" | "fragment"): boolean =>
  Array.from(written).every((octet) => "!$&'()*+,;=:@[]%".includes(octet) || !needsEscape(octet, part));
