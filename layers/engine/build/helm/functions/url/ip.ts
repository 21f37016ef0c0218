import { quote } from "../../../text/quote.ts";
import { textOfOctets } from "../text/octets.ts";

/** Groups of 16 bits in an address. */
const GROUPS = 8;

/** What is wrong with the address between the brackets of a URL; undefined when nothing is. Source: Go net/netip ParseAddr, net/url parseHost. */
export function problemOfIp(text: string): string | undefined {
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === ".") return ipv4Problem(text, text) === undefined ? "invalid IP-literal" : ipv4Problem(text, text);
  if (mark === "%") return fault(text, "missing IPv6 address");
  return mark === undefined ? fault(text, "unable to parse IP") : ipv6Problem(text);
}

const fault = (address: string, message: string, at = ""): string =>
  `invalid host: ParseAddr(${show(address)}): ${message}${at === "" ? "" : ` (at ${show(at)})`}`;
const show = (octets: string): string => quote(textOfOctets(octets));

function ipv4Problem(address: string, text: string): string | undefined {
  let value = "";
  let points = 0;
  for (const [index, character] of Array.from(text).entries()) {
    if (/[0-9]/.test(character)) {
      if (value === "0") return fault(address, "IPv4 field has octet with leading zero");
      value += character;
      if (Number(value) > 255) return fault(address, "IPv4 field has value >255");
    } else if (character !== ".") return fault(address, "unexpected character", text.slice(index));
    else if (index === 0 || index === text.length - 1 || value === "") return fault(address, "IPv4 field must have at least one digit", text.slice(index));
    else if (points === 3) return fault(address, "IPv4 address too long");
    else {
      points++;
      value = "";
    }
  }
  return points < 3 ? fault(address, "IPv4 address too short") : undefined;
}

function ipv6Problem(address: string): string | undefined {
  const zoneAt = address.indexOf("%");
  if (zoneAt !== -1 && zoneAt === address.length - 1) return fault(address, "zone must be a non-empty string");
  let rest = zoneAt === -1 ? address : address.slice(0, zoneAt);
  let groups = 0;
  let hasGap = rest.startsWith("::");
  if (hasGap) rest = rest.slice(2);
  if (hasGap && rest === "") return undefined;
  while (groups < GROUPS) {
    const [digits = ""] = /^[0-9a-fA-F]*/.exec(rest) ?? [];
    if (digits.length > 4) return fault(address, "each group must have 4 or less digits", rest);
    if (digits === "") return fault(address, "each colon-separated field must have at least one digit", rest);
    if (rest[digits.length] === ".") {
      if (!hasGap && groups !== GROUPS - 2) return fault(address, "embedded IPv4 address must replace the final 2 fields of the address", rest);
      if (groups > GROUPS - 2) return fault(address, "too many hex fields to fit an embedded IPv4 at the end of the address", rest);
      const problem = ipv4Problem(address, rest);
      if (problem !== undefined) return problem;
      groups += 2;
      rest = "";
      break;
    }
    groups++;
    rest = rest.slice(digits.length);
    if (rest === "") break;
    if (!rest.startsWith(":")) return fault(address, "unexpected character, want colon", rest);
    if (rest === ":") return fault(address, "colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (!rest.startsWith(":")) continue;
    if (hasGap) return fault(address, "multiple :: in address", rest);
    hasGap = true;
    rest = rest.slice(1);
    if (rest === "") break;
  }
  if (rest !== "") return fault(address, "trailing garbage after address", rest);
  if (groups < GROUPS) return hasGap ? undefined : fault(address, "address string too short");
  return hasGap ? fault(address, "the :: must expand to at least one field of zeros") : undefined;
}
