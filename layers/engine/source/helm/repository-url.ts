import { ok, problem, type Result } from "../../domain/result.ts";
import { withoutTrailing } from "../../domain/text.ts";
import { hidePassword } from "../remote-url.ts";

/** Go's url.URL, as far as Helm looks at it: what is before the path, the path, the query with its `?`. */
type Parts = { readonly scheme: string; readonly authority: string; readonly path: string; readonly query: string; readonly fragment: string };

const PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/s;

/** Far beyond any address, and far below what expressions take long for. */
const LONGEST = 16_384;

/** The parts of a URL or a path, or why Go's url.Parse has none of it. */
function parse(text: string): Result<Parts> {
  if (text.length > LONGEST) return problem(`parse ${JSON.stringify(hidePassword(text.slice(0, 100)))}: the URL is longer than ${LONGEST} characters`);
  const shown = JSON.stringify(hidePassword(text));
  if ([...text].some((sign) => sign < " " || sign === "\u007f")) return problem(`parse ${shown}: net/url: invalid control character in URL`);
  if (text.startsWith(":")) return problem(`parse ${shown}: missing protocol scheme`);
  const [, scheme = "", authority = "", path = "", query = "", fragment = ""] = PARTS.exec(text) ?? [];
  const colon = path.split("/", 1)[0]?.includes(":") === true;
  if (scheme === "" && authority === "" && colon) return problem(`parse ${shown}: first path segment in URL cannot contain colon`);
  const bad = /%(?![0-9A-Fa-f]{2})/.exec(path);
  if (bad !== null) return problem(`parse ${shown}: invalid URL escape ${JSON.stringify(path.slice(bad.index, bad.index + 3))}`);
  if (/[ "<>\\^`{|}]/.test(authority.replace(/^\/\/[^@]*@/, ""))) {
    const letter = /[ "<>\\^`{|}]/.exec(authority)?.[0] ?? "";
    return problem(`parse ${shown}: invalid character ${JSON.stringify(letter)} in host name`);
  }
  const port = /:([^:\]@]*)$/.exec(authority)?.[1];
  if (port !== undefined && !/^\d*$/.test(port) && !/\[[^\]]*$/.test(authority))
    return problem(`parse ${shown}: invalid port ${JSON.stringify(`:${port}`)} after host`);
  return ok({ scheme: scheme.toLowerCase(), authority, path, query, fragment });
}

const written = ({ scheme, authority, path, query, fragment }: Parts): string =>
  `${scheme === "" ? "" : `${scheme}:`}${authority}${path}${query === "?" ? "" : query}${fragment}`;

/** One form for all that mean the same repository: a slash at the end, and none for a registry. Source: source-controller, NormalizeURL. */
export function normalizeRepositoryUrl(text: string): Result<string> {
  if (text === "") return ok("");
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const bare = withoutTrailing(parsed.value.path, "/");
  return ok(written({ ...parsed.value, path: parsed.value.scheme === "oci" ? bare : `${bare}/` }));
}

/** Where the index of a repository is. Source: source-controller, DownloadIndex. */
export function indexUrl(repository: string): Result<string> {
  const parsed = parse(repository);
  if (!parsed.ok) return parsed;
  return ok(written({ ...parsed.value, path: cleanPath(`${parsed.value.path}/index.yaml`) }));
}

/** Where a chart is that an index of `repository` names. Source: Helm 4, repo.ResolveReferenceURL. */
export function resolveChartUrl(repository: string, reference: string): Result<string> {
  const target = parse(reference);
  if (!target.ok) return problem(`failed to parse ${reference} as URL: ${target.problem}`);
  if (target.value.scheme !== "") return ok(reference);
  const base = parse(repository);
  if (!base.ok) return problem(`failed to parse ${repository} as URL: ${base.problem}`);
  const { scheme, authority, query } = base.value;
  if (target.value.authority !== "") return ok(written({ ...target.value, scheme, path: cleanPath(target.value.path), query }));
  const folder = `${base.value.path.replace(/\/$/, "")}/`;
  const path = target.value.path.startsWith("/") ? target.value.path : `${folder}${target.value.path}`;
  return ok(written({ scheme, authority, path: target.value.path === "" ? folder : cleanPath(path), query, fragment: target.value.fragment }));
}

/** Without `.` and `..`, which never lead above the root; a slash at the end stays. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}${parts.length > 0 && /\/\.{0,2}$/.test(path) ? "/" : ""}`;
}

/** Where a registry has the repository of a chart. Source: source-controller, OCIChartRepository. */
export function registryRepository(repository: string, chart: string): Result<string> {
  const parsed = parse(repository);
  if (!parsed.ok) return parsed;
  return ok(written({ ...parsed.value, path: cleanPath(`${parsed.value.path}/${chart}`) }));
}

/** `registry.example.com:5000` of a URL. */
export const hostOf = (url: string): string => /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "";
