import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { parseIpAddress } from "../functions/certificates/ip-address.ts";
import { escapeUrl, isEscaped, type UrlPart, unescapeUrl } from "./url-escapes.ts";

/** An address in its parts, as Go's net/url has them; `path` is as it was written. */
export type Url = {
  readonly scheme: string;
  readonly opaque: string;
  /** With the `@`. */
  readonly user: string;
  readonly host: string;
  readonly path: string;
  /** With the `?`. */
  readonly query: string;
  /** `file:/a`: a scheme, a path, and no `//`. */
  readonly omitsHost: boolean;
};

const EMPTY: Url = { scheme: "", opaque: "", user: "", host: "", path: "", query: "", omitsHost: false };

/** Without its fragment, which is looked at all the same. The problem in Go's words. */
export function parseUrl(text: string): Result<Url> {
  const hash = text.indexOf("#");
  const address = hash < 0 ? text : text.slice(0, hash);
  const url = parseAddress(address);
  if (!url.ok) return problem(`parse ${quote(address)}: ${url.problem}`);
  if (hash < 0) return url;
  const fragment = unescapeUrl(text.slice(hash + 1), "fragment");
  return fragment.ok ? url : problem(`parse ${quote(text)}: ${fragment.problem}`);
}

function parseAddress(text: string): Result<Url> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it refuses
  if (/[\x00-\x1f\x7f]/.test(text)) return problem("net/url: invalid control character in URL");
  if (text === "*") return ok({ ...EMPTY, path: "*" });
  if (text.startsWith(":")) return problem("missing protocol scheme");
  const [, scheme = ""] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text) ?? [];
  const behind = scheme === "" ? text : text.slice(scheme.length + 1);
  const mark = behind.indexOf("?");
  const query = mark < 0 ? "" : behind.slice(mark);
  const rest = mark < 0 ? behind : behind.slice(0, mark);
  const url: Url = { ...EMPTY, scheme: scheme.toLowerCase(), query };
  if (!rest.startsWith("/")) {
    if (scheme !== "") return ok({ ...url, opaque: rest });
    if ((rest.split("/")[0] ?? "").includes(":")) return problem("first path segment in URL cannot contain colon");
  }
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  if (!hasAuthority) return withPath({ ...url, omitsHost: scheme !== "" && rest.startsWith("/") }, rest);
  const slash = rest.indexOf("/", 2);
  const authority = parseAuthority(url.scheme, slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  return authority.ok ? withPath({ ...url, ...authority.value }, slash < 0 ? "" : rest.slice(slash)) : authority;
}

function withPath(url: Url, path: string): Result<Url> {
  const plain = unescapeUrl(path, "path");
  return plain.ok ? ok({ ...url, path }) : plain;
}

function parseAuthority(scheme: string, authority: string): Result<Pick<Url, "user" | "host">> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (!host.ok) return host;
  if (at < 0) return ok({ user: "", host: host.value });
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return problem("net/url: invalid userinfo");
  const plain = unescapeUrl(user, "user");
  return plain.ok ? ok({ user: `${user}@`, host: host.value }) : plain;
}

function parseHost(scheme: string, host: string): Result<string> {
  const open = host.lastIndexOf("[");
  if (open > 0) return problem("invalid IP-literal");
  if (open === 0) return parseLiteral(host);
  const colon = host.indexOf(":");
  if (colon >= 0) {
    const port = host.slice(scheme === "http" || scheme === "https" ? colon : host.lastIndexOf(":"));
    if (!isPort(port)) return problem(`invalid port ${quote(port)} after host`);
  }
  return unescapeUrl(host, "host");
}

/** `[::1]:80` */
function parseLiteral(host: string): Result<string> {
  const close = host.lastIndexOf("]");
  if (close < 0) return problem("missing ']' in host");
  const port = host.slice(close + 1);
  if (!isPort(port)) return problem(`invalid port ${quote(port)} after host`);
  const inside = host.slice(1, close);
  const zone = inside.indexOf("%25");
  const address = unescapeUrl(zone < 0 ? inside : inside.slice(0, zone), "host");
  if (!address.ok) return address;
  const zoneText = zone < 0 ? ok("") : unescapeUrl(inside.slice(zone), "zone");
  if (!zoneText.ok) return zoneText;
  const name = `${address.value}${zoneText.value}`;
  const parsed = parseIpAddress(name);
  if (!parsed.ok) return problem(`invalid host: ${parsed.problem}`);
  return parsed.value.bytes.length === 4 ? problem("invalid IP-literal") : ok(`[${name}]${port}`);
}

const isPort = (text: string): boolean => text === "" || /^:[0-9]*$/.test(text);

/** The host without its port. */
export function hostNameOf({ host }: Url): string {
  const [, literal] = /^\[(.*)\]/.exec(host) ?? [];
  return literal ?? host.replace(/:[0-9]*$/, "");
}

/** What `reference` means at `base`. Source: RFC 3986 5.2, Go URL.ResolveReference. */
export function resolveUrl(base: Url, reference: Url): Url {
  if (reference.scheme !== "" || reference.host !== "" || reference.user !== "") return { ...reference, path: resolvePath(pathOf(reference), "") };
  const query = reference.path === "" && reference.query === "" ? base.query : reference.query;
  const { scheme, user, host, omitsHost } = base;
  if (base.opaque !== "") return { ...EMPTY, scheme, opaque: base.opaque, query };
  return { ...EMPTY, scheme, user, host, omitsHost: omitsHost && host === "", query, path: resolvePath(pathOf(base), pathOf(reference)) };
}

function resolvePath(base: string, reference: string): string {
  const full = reference === "" ? base : reference.startsWith("/") ? reference : `${base.slice(0, base.lastIndexOf("/") + 1)}${reference}`;
  if (full === "") return "";
  const segments = full.split("/");
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    if (index === 0 && segment === "") continue;
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1);
  return `/${kept.join("/")}${(last === "." || last === "..") && kept.length > 0 ? "/" : ""}`;
}

const pathOf = ({ path }: Url): string => writtenPart(path, "path");
const writtenPart = (text: string, part: UrlPart): string => {
  if (text === "*" || isEscaped(text, part)) return text;
  const plain = unescapeUrl(text, part);
  return plain.ok ? escapeUrl(plain.value, part) : text;
};

/** As Go's URL.String writes it. */
export function formatUrl(url: Url): string {
  const start = url.scheme === "" ? "" : `${url.scheme}:`;
  if (url.opaque !== "") return `${start}${url.opaque}${url.query}`;
  const hasHost = url.host !== "" || url.user !== "";
  const slashes = hasHost || (url.scheme !== "" && !url.omitsHost && url.path !== "") ? "//" : "";
  const path = pathOf(url);
  const rooted = path !== "" && !path.startsWith("/") && url.host !== "" ? `/${path}` : path;
  return `${start}${slashes}${url.user}${escapeUrl(url.host, "host")}${rooted}${url.query}`;
}
