import { quoteCharacter } from "../../text/quote.ts";
import { parseIpAddress } from "../functions/certificates/ip-address.ts";
import { parseTime } from "../functions/dates/parse-time.ts";
import { UTC } from "../functions/dates/zones.ts";
import { atoi } from "../values/atoi.ts";
import { checkSemver } from "./format-semver.ts";
import { checkDuration, checkPeriod, checkTime } from "./format-time.ts";
import { hostNameOf, parseUrl, type Url } from "./url.ts";
import { escapeUrl, unescapeUrl } from "./url-escapes.ts";

/** What is wrong with a text that should be of a format; undefined: nothing. */
export type Check = (text: string) => string | undefined;

const checkDate: Check = (text) => {
  const parsed = parseTime("2006-01-02", text, UTC);
  return parsed.ok ? undefined : parsed.problem;
};

export const checkDateTime: Check = (text) => {
  const { length } = new TextEncoder().encode(text);
  if (length < 20) return "less than 20 characters long";
  if (text[10] !== "t" && text[10] !== "T") return "11th character must be t or T";
  const date = checkDate(text.slice(0, 10));
  if (date !== undefined) return `invalid date element: ${date}`;
  const time = checkTime(text.slice(11));
  return time === undefined ? undefined : `invalid time element: ${time}`;
};

const checkPointer: Check = (text) => {
  if (text === "") return undefined;
  if (!text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
};

const checkRelativePointer: Check = (text) => {
  const [digits = ""] = /^[0-9]*/.exec(text) ?? [];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : checkPointer(rest);
};

const UUID_GROUPS = [8, 4, 4, 4, 12];

const checkUuid: Check = (text) => {
  const groups = text.split("-");
  if (groups.length !== UUID_GROUPS.length) return `must have ${UUID_GROUPS.length} elements`;
  for (const [index, group] of groups.entries()) {
    const length = UUID_GROUPS[index] ?? 0;
    if (new TextEncoder().encode(group).length !== length) return `element ${index + 1} must be ${length} characters long`;
    const [wrong] = /[^0-9a-fA-F]/u.exec(group) ?? [];
    if (wrong !== undefined) return `non-hex character ${quoteCharacter(wrong)}`;
  }
  return undefined;
};

const checkVersion4: Check = (text) => {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    const value = atoi(group);
    if (!value.ok) return value.problem;
    if (value.value < 0 || value.value > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
};

const checkVersion6: Check = (text) => {
  if (!text.includes(":")) return "missing colon";
  const address = parseIpAddress(text);
  if (!address.ok) return address.problem;
  return address.value.zone === "" ? undefined : "zone id is not a part of ipv6 address";
};

const checkHostname: Check = (text) => {
  const name = text.replace(/\.$/, "");
  if (new TextEncoder().encode(name).length > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    const { length } = new TextEncoder().encode(label);
    if (length < 1 || length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const [wrong] = /[^a-zA-Z0-9-]/u.exec(label) ?? [];
    if (wrong !== undefined) return `invalid character ${quoteCharacter(wrong)}`;
  }
  return undefined;
};

const checkEmail: Check = (text) => {
  if (new TextEncoder().encode(text).length > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  return checkMailbox(text.slice(0, at)) ?? checkMailDomain(text.slice(at + 1));
};

function checkMailbox(local: string): string | undefined {
  if (new TextEncoder().encode(local).length > 64) return "local part more than 64 characters long";
  if (local.length > 1 && local.startsWith('"')) {
    return /["\\]/.test(local.slice(1, -1)) ? "backslash and quote are not allowed within quoted local part" : undefined;
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const [wrong] = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/u.exec(local) ?? [];
  return wrong === undefined ? undefined : `invalid character ${quoteCharacter(wrong)}`;
}

function checkMailDomain(domain: string): string | undefined {
  const wrapped = (what: string, wrong: string | undefined): string | undefined => (wrong === undefined ? undefined : `invalid ${what}: ${wrong}`);
  if (!domain.startsWith("[") || !domain.endsWith("]")) return wrapped("domain", checkHostname(domain));
  const inside = domain.slice(1, -1);
  return inside.startsWith("IPv6:") ? wrapped("ipv6 address", checkVersion6(inside.slice(5))) : wrapped("ipv4 address", checkVersion4(inside));
}

type Parsed = { readonly url: Url } | { readonly wrong: string };

function parseAddress(text: string): Parsed {
  const url = parseUrl(text);
  if (!url.ok) return { wrong: url.problem };
  const name = hostNameOf(url.value);
  if (!name.includes(":")) return { url: url.value };
  if (!/\[.*\]/.test(url.value.host)) return { wrong: "ipv6 address not enclosed in brackets" };
  const wrong = checkVersion6(name);
  return wrong === undefined ? { url: url.value } : { wrong: `invalid ipv6 address: ${wrong}` };
}

const checkUri: Check = (text) => {
  const parsed = parseAddress(text);
  if ("wrong" in parsed) return parsed.wrong;
  return parsed.url.scheme === "" ? "relative url" : undefined;
};

const checkUriReference: Check = (text) => {
  if (text.includes("\\")) return "contains \\";
  const parsed = parseAddress(text);
  return "wrong" in parsed ? parsed.wrong : undefined;
};

/** Only what is written in another way than Go would write it has braces to be looked at. */
const checkUriTemplate: Check = (text) => {
  const parsed = parseAddress(text);
  if ("wrong" in parsed) return parsed.wrong;
  const path = unescapeUrl(parsed.url.path, "path");
  if (path.ok && escapeUrl(path.value, "path") === parsed.url.path) return undefined;
  for (const token of parsed.url.path.split("/")) {
    const plain = unescapeUrl(token, "segment");
    if (!plain.ok) return `percent decode failed: ${plain.problem}`;
    const braces = plain.value.replace(/[^{}]/g, "");
    if (/\{\{|\}\}|^\}/.test(braces)) return "nested curly braces";
    if (braces.endsWith("{")) return "no matching closing brace";
  }
  return undefined;
};

/** Source: santhosh-tekuri/jsonschema v6, format.go. */
export const FORMATS: ReadonlyMap<string, Check> = new Map([
  ["json-pointer", checkPointer],
  ["relative-json-pointer", checkRelativePointer],
  ["uuid", checkUuid],
  ["duration", checkDuration],
  ["period", (text) => checkPeriod(text, checkDateTime)],
  ["ipv4", checkVersion4],
  ["ipv6", checkVersion6],
  ["hostname", checkHostname],
  ["email", checkEmail],
  ["date", checkDate],
  ["time", checkTime],
  ["date-time", checkDateTime],
  ["uri", checkUri],
  ["iri", checkUri],
  ["uri-reference", checkUriReference],
  ["iri-reference", checkUriReference],
  ["uri-template", checkUriTemplate],
  ["semver", checkSemver],
]);
