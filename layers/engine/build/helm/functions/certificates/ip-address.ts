import { ok, problem, type Result } from "../../../../domain/result.ts";
import { quote } from "../../../text/quote.ts";

/** 4 bytes, or 16, with what stands behind `%`. */
export type IpAddress = { readonly bytes: readonly number[]; readonly zone: string };

/** The address that a text names; the problem in the words of Go's netip.ParseAddr. */
export function parseIpAddress(text: string): Result<IpAddress> {
  const [first] = /[.:%]/.exec(text) ?? [];
  if (first === undefined) return refuse(text, "unable to parse IP");
  if (first === "%") return refuse(text, "missing IPv6 address");
  if (first === ":") return parseVersion6(text);
  const fields = parseFields(text, text);
  return fields.ok ? ok({ bytes: fields.value, zone: "" }) : fields;
}

function refuse(text: string, why: string, at = ""): Result<never> {
  return problem(`ParseAddr(${quote(text)}): ${why}${at === "" ? "" : ` (at ${quote(at)})`}`);
}

/** The four fields of `part`, which is how `text` ends. */
function parseFields(text: string, part: string): Result<readonly number[]> {
  const fields: number[] = [];
  let digits = "";
  for (const [index, character] of [...part].entries()) {
    const rest = part.slice(index);
    if (character >= "0" && character <= "9") {
      if (digits === "0") return refuse(text, "IPv4 field has octet with leading zero");
      digits += character;
      if (Number(digits) > 255) return refuse(text, "IPv4 field has value >255");
    } else if (character === ".") {
      if (digits === "" || index === part.length - 1) return refuse(text, "IPv4 field must have at least one digit", rest);
      if (fields.length === 3) return refuse(text, "IPv4 address too long");
      fields.push(Number(digits));
      digits = "";
    } else return refuse(text, "unexpected character", rest);
  }
  return fields.length < 3 ? refuse(text, "IPv4 address too short") : ok([...fields, Number(digits)]);
}

function parseVersion6(text: string): Result<IpAddress> {
  const percent = text.indexOf("%");
  const zone = percent < 0 ? "" : text.slice(percent + 1);
  if (percent >= 0 && zone === "") return refuse(text, "zone must be a non-empty string");
  let rest = percent < 0 ? text : text.slice(0, percent);
  const bytes: number[] = [];
  let gap = -1;
  if (rest.startsWith("::")) {
    gap = 0;
    rest = rest.slice(2);
    if (rest === "") return ok({ bytes: Array.from({ length: 16 }, () => 0), zone });
  }
  while (bytes.length < 16) {
    const [digits = ""] = /^[0-9a-fA-F]*/.exec(rest) ?? [];
    if (digits.length > 4) return refuse(text, "each group must have 4 or less digits", rest);
    if (digits === "") return refuse(text, "each colon-separated field must have at least one digit", rest);
    if (rest[digits.length] === ".") {
      if (gap < 0 && bytes.length !== 12) return refuse(text, "embedded IPv4 address must replace the final 2 fields of the address", rest);
      if (bytes.length > 12) return refuse(text, "too many hex fields to fit an embedded IPv4 at the end of the address", rest);
      const fields = parseFields(text, rest);
      if (!fields.ok) return fields;
      bytes.push(...fields.value);
      rest = "";
      break;
    }
    const group = Number.parseInt(digits, 16);
    bytes.push(group >> 8, group & 0xff);
    rest = rest.slice(digits.length);
    if (rest === "") break;
    if (!rest.startsWith(":")) return refuse(text, "unexpected character, want colon", rest);
    if (rest === ":") return refuse(text, "colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (!rest.startsWith(":")) continue;
    if (gap >= 0) return refuse(text, "multiple :: in address", rest);
    gap = bytes.length;
    rest = rest.slice(1);
    if (rest === "") break;
  }
  if (rest !== "") return refuse(text, "trailing garbage after address", rest);
  if (bytes.length === 16) return gap < 0 ? ok({ bytes, zone }) : refuse(text, "the :: must expand to at least one field of zeros");
  if (gap < 0) return refuse(text, "address string too short");
  bytes.splice(gap, 0, ...Array.from({ length: 16 - bytes.length }, () => 0));
  return ok({ bytes, zone });
}
