import { ok, problem, type Result } from "../domain/result.ts";

/** What a GitRepository's `spec.url` says. `host` with its port, as it stands there; empty in `http://`. */
export type RemoteUrl = {
  readonly scheme: "http" | "https" | "ssh";
  readonly host: string;
  readonly path: string;
  readonly username?: string;
  readonly password?: string;
  /** The URL without user info. */
  readonly bare: string;
  /** The URL as messages may show it: a password in it is `***`. */
  readonly shown: string;
};

/** The URL, or Go's words for what is wrong with it (`parse "http://[::1": missing ']' in host`). Source: Go, net/url.Parse; recorded in sources/url-unusable. */
export function parseRemoteUrl(text: string): Result<RemoteUrl> {
  const fault = (what: string): Result<RemoteUrl> => problem(`parse ${JSON.stringify(hidePassword(text))}: ${what}`);
  if (hasControl(text)) return problem(`parse ${JSON.stringify(hidePassword(text))}: net/url: invalid control character in URL`);
  const found = /^(https?|ssh):\/\/([^/?#]*)(.*)$/is.exec(text);
  if (found === null) return fault("unsupported protocol scheme");
  const [, written = "", authority = "", rest = ""] = found;
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const wrong = hostFault(host) ?? escapeFault(at < 0 ? "" : authority.slice(0, at)) ?? escapeFault(rest.split(/[?#]/, 1)[0] ?? "");
  if (wrong !== undefined) return fault(wrong);
  const scheme = schemeOf(written);
  if (scheme === undefined) return fault("unsupported protocol scheme");
  const [username, password] = at < 0 ? [] : userOf(authority.slice(0, at));
  const bare = `${scheme}://${host}${rest}`;
  return ok({
    scheme,
    host,
    path: rest.split(/[?#]/, 1)[0] ?? "",
    bare,
    shown: hidePassword(text),
    ...(username !== undefined && username !== "" && { username }),
    ...(password !== undefined && { password }),
  });
}

const hasControl = (text: string): boolean => Array.from(text).some((letter) => letter < " " || letter === "\x7f");

function schemeOf(text: string): RemoteUrl["scheme"] | undefined {
  const lower = text.toLowerCase();
  return lower === "http" || lower === "https" || lower === "ssh" ? lower : undefined;
}

function hostFault(host: string): string | undefined {
  const closing = host.lastIndexOf("]");
  if (host.startsWith("[") && closing < 0) return "missing ']' in host";
  const port = /:([^:\]]*)$/.exec(host);
  if (port !== null && closing < (port.index ?? 0) && !/^\d*$/.test(port[1] ?? "")) return `invalid port ${JSON.stringify(`:${port[1]}`)} after host`;
  const letter = /[ <>"{}|\\^`]/.exec(host);
  return letter === null ? escapeFault(host) : `invalid character ${JSON.stringify(letter[0])} in host name`;
}

function escapeFault(text: string): string | undefined {
  const found = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text);
  return found === null ? undefined : `invalid URL escape ${JSON.stringify(found[0])}`;
}

function userOf(text: string): [string, string?] {
  const colon = text.indexOf(":");
  return colon < 0 ? [unescaped(text)] : [unescaped(text.slice(0, colon)), unescaped(text.slice(colon + 1))];
}

/** `%41` → `A`, byte by byte: user info need not be UTF-8. */
const unescaped = (text: string): string =>
  text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (run) => new TextDecoder().decode(Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16))));

/** `http://ada:***@host/…`. */
export const hidePassword = (url: string): string => url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:)[^/?#]*@/i, "$1***@");
