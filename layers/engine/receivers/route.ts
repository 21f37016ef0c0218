import { normalize } from "node:path/posix";
import { HOOKS } from "./webhook-path.ts";

export type Route =
  | { readonly kind: "hook" }
  /** The path is written otherwise than it should be. */
  | { readonly kind: "moved"; readonly location: string }
  | { readonly kind: "elsewhere" };

/** Where a request's URI leads, as a server of Go with the one route `/hook/` has it. Source: reference 4.4; Go, http.ServeMux. */
export function routeOf(uri: string): Route {
  const [, path = "", query = ""] = /^([^?]*)(.*)$/s.exec(uri) ?? [];
  if (!path.startsWith("/")) return { kind: "elsewhere" };
  const clean = normalize(path);
  if (clean === HOOKS.slice(0, -1)) return { kind: "moved", location: escaped(HOOKS + query) };
  if (clean !== path) return { kind: "moved", location: escaped(clean + query) };
  return path.startsWith(HOOKS) ? { kind: "hook" } : { kind: "elsewhere" };
}

/** With what does not belong into a URL in percents: browsers take a backslash for a slash, so that `/\evil.example.com` would lead to another host. */
const escaped = (uri: string): string =>
  uri.replace(/[^\w\-./~%?:@!$&'()*+,;=]/gu, (letter) =>
    [...Buffer.from(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
