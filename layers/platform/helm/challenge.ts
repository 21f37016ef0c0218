/** What a registry wants to know before it answers. Names of parameters in lower case. Source: RFC 9110, 11.6.1; distribution spec, token authentication. */
export type Challenge = { readonly scheme: "basic" | "bearer"; readonly parameters: ReadonlyMap<string, string> };

const PARAMETER = /\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/y;

/** The first challenge of a WWW-Authenticate header that we can answer. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const found = /^\s*(basic|bearer)\b\s*/i.exec(header ?? "");
  if (found === null || header === undefined) return undefined;
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = found[0].length;
  for (let part = PARAMETER.exec(header); part !== null; part = PARAMETER.exec(header)) {
    const [, name = "", quoted, plain = ""] = part;
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? plain);
  }
  return { scheme: found[1]?.toLowerCase() === "basic" ? "basic" : "bearer", parameters };
}
