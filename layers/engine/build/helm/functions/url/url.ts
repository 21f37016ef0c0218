import { quote } from "../../../text/quote.ts";
import { spend } from "../../../work.ts";
import { textOfOctets } from "../text/octets.ts";
import { escapePart, isEncoded, type Unescaped, type UrlPart, unescapePart } from "./escape.ts";
import { problemOfIp } from "./ip.ts";

/** A URL as Go's net/url takes it apart; all texts have a character for each byte. `raw…`: as it was written, where the usual escapes would be others. */
export type Url = {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: User | undefined;
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly forceQuery: boolean;
  readonly fragment: string;
  readonly rawFragment: string;
  readonly omitHost: boolean;
};
export type User = { readonly name: string; readonly password: string | undefined };

export type ParsedUrl = { readonly ok: true; readonly value: Url } | { readonly ok: false; readonly problem: string };

export const EMPTY_URL: Url = {
  scheme: "",
  opaque: "",
  user: undefined,
  host: "",
  path: "",
  rawPath: "",
  query: "",
  forceQuery: false,
  fragment: "",
  rawFragment: "",
  omitHost: false,
};

const refuse = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });
const accept = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

const STEPS_OF_LETTER = 60;

/** Source: Go net/url Parse. */
export function parseUrl(text: string): ParsedUrl {
  spend(STEPS_OF_LETTER * text.length);
  const [beforeHash, fragment = ""] = cut(text, "#");
  const parsed = parseBeforeHash(beforeHash);
  if (!parsed.ok) return refuse(`parse ${quoteOctets(beforeHash)}: ${parsed.problem}`);
  if (fragment === "") return parsed;
  const unescaped = unescapePart(fragment, "fragment");
  if (!unescaped.ok) return refuse(`parse ${quoteOctets(text)}: ${unescaped.problem}`);
  return accept({ ...parsed.value, fragment: unescaped.value, rawFragment: rawOf(fragment, unescaped.value, "fragment") });
}

/** What was written, where escaping what it means would not give the same. */
const rawOf = (written: string, meant: string, part: UrlPart): string => (escapePart(meant, part) === written ? "" : written);

const isControl = (octet: string): boolean => octet < " " || octet === "\x7f";

function parseBeforeHash(text: string): ParsedUrl {
  if (Array.from(text).some(isControl)) return refuse("net/url: invalid control character in URL");
  if (text === "*") return accept({ ...EMPTY_URL, path: "*" });
  const split = splitScheme(text);
  if (split === undefined) return refuse("missing protocol scheme");
  const { scheme, behind } = split;
  const forceQuery = behind.indexOf("?") === behind.length - 1 && behind !== "";
  const [rest, query = ""] = forceQuery ? [behind.slice(0, -1)] : cut(behind, "?");
  const start = { ...EMPTY_URL, scheme, query, forceQuery };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return accept({ ...start, opaque: rest });
    if (cut(rest, "/")[0].includes(":")) return refuse("first path segment in URL cannot contain colon");
  }
  return parseRest(start, rest);
}

function parseRest(start: Url, rest: string): ParsedUrl {
  if (!rest.startsWith("//") || (start.scheme === "" && rest.startsWith("///"))) {
    return withPath({ ...start, omitHost: start.scheme !== "" && rest.startsWith("/") }, rest);
  }
  const slash = rest.indexOf("/", 2);
  const authority = parseAuthority(start.scheme, rest.slice(2, slash === -1 ? undefined : slash));
  if (!authority.ok) return authority;
  return withPath({ ...start, ...authority.value }, slash === -1 ? "" : rest.slice(slash));
}

function withPath(url: Url, written: string): ParsedUrl {
  const path = unescapePart(written, "path");
  return path.ok ? accept({ ...url, path: path.value, rawPath: rawOf(written, path.value, "path") }) : path;
}

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;

/** Undefined for a text that begins with the colon behind a scheme. */
function splitScheme(text: string): { readonly scheme: string; readonly behind: string } | undefined {
  if (text.startsWith(":")) return undefined;
  const scheme = SCHEME.exec(text)?.[1];
  return scheme === undefined ? { scheme: "", behind: text } : { scheme: scheme.toLowerCase(), behind: text.slice(scheme.length + 1) };
}

const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

function parseAuthority(
  scheme: string,
  text: string,
): { readonly ok: true; readonly value: Pick<Url, "user" | "host"> } | { readonly ok: false; readonly problem: string } {
  const at = text.lastIndexOf("@");
  const host = parseHost(scheme, text.slice(at + 1));
  if (!host.ok) return host;
  if (at === -1) return accept({ user: undefined, host: host.value });
  if (!USER.test(text.slice(0, at))) return refuse("net/url: invalid userinfo");
  const [writtenName, writtenPassword] = cut(text.slice(0, at), ":");
  const name = unescapePart(writtenName, "userPassword");
  if (!name.ok) return name;
  if (writtenPassword === undefined) return accept({ user: { name: name.value, password: undefined }, host: host.value });
  const password = unescapePart(writtenPassword, "userPassword");
  return password.ok ? accept({ user: { name: name.value, password: password.value }, host: host.value }) : password;
}

const OPTIONAL_PORT = /^(?::[0-9]*)?$/;

function parseHost(scheme: string, text: string): Unescaped {
  const bracket = text.lastIndexOf("[");
  if (bracket > 0) return refuse("invalid IP-literal");
  if (bracket === 0) return parseIpLiteral(text);
  const colon = scheme === "http" || scheme === "https" ? text.indexOf(":") : text.lastIndexOf(":");
  if (colon !== -1 && !OPTIONAL_PORT.test(text.slice(colon))) return refuse(`invalid port ${quoteOctets(text.slice(colon))} after host`);
  return unescapePart(text, "host");
}

function parseIpLiteral(text: string): Unescaped {
  const close = text.lastIndexOf("]");
  if (close === -1) return refuse("missing ']' in host");
  const port = text.slice(close + 1);
  if (!OPTIONAL_PORT.test(port)) return refuse(`invalid port ${quoteOctets(port)} after host`);
  const written = text.slice(1, close);
  const zoneAt = written.indexOf("%25");
  const address = unescapePart(zoneAt === -1 ? written : written.slice(0, zoneAt), "host");
  if (!address.ok) return address;
  const zone = unescapePart(zoneAt === -1 ? "" : written.slice(zoneAt), "zone");
  if (!zone.ok) return zone;
  const problem = problemOfIp(address.value + zone.value);
  return problem === undefined ? accept(`[${address.value}${zone.value}]${port}`) : refuse(problem);
}

/** Host without port and brackets. Source: Go net/url Hostname. */
export function hostnameOf({ host }: Url): string {
  const colon = host.lastIndexOf(":");
  const name = colon !== -1 && OPTIONAL_PORT.test(host.slice(colon)) ? host.slice(0, colon) : host;
  return name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
}

export const writeUser = ({ name, password }: User): string =>
  escapePart(name, "userPassword") + (password === undefined ? "" : `:${escapePart(password, "userPassword")}`);

/** Source: Go net/url URL.String. */
export function writeUrl(url: Url): string {
  const scheme = url.scheme === "" ? "" : `${url.scheme}:`;
  const query = url.forceQuery || url.query !== "" ? `?${url.query}` : "";
  const fragment = url.fragment === "" ? "" : `#${writtenPart(url.rawFragment, url.fragment, "fragment")}`;
  return scheme + (url.opaque === "" ? writeAddress(url, scheme) : url.opaque) + query + fragment;
}

function writeAddress(url: Url, scheme: string): string {
  const { host, path, user } = url;
  let out = "";
  if ((scheme !== "" || host !== "" || user !== undefined) && !(url.omitHost && host === "" && user === undefined)) {
    if (host !== "" || path !== "" || user !== undefined) out += "//";
    if (user !== undefined) out += `${writeUser(user)}@`;
    out += escapePart(host, "host");
  }
  const written = path === "*" && url.rawPath === "" ? "*" : writtenPart(url.rawPath, path, "path");
  if (written !== "" && !written.startsWith("/") && host !== "") out += "/";
  // A colon in the first segment would make a scheme of it.
  if (scheme + out === "" && cut(written, "/")[0].includes(":")) out += "./";
  return out + written;
}

function writtenPart(written: string, meant: string, part: "path" | "fragment"): string {
  if (written !== "" && isEncoded(written, part)) {
    const read = unescapePart(written, part);
    if (read.ok && read.value === meant) return written;
  }
  return escapePart(meant, part);
}

const cut = (text: string, mark: string): readonly [string, string?] => {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
};

const quoteOctets = (octets: string): string => quote(textOfOctets(octets));
