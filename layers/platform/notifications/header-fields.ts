/** What Go's HTTP client says against headers before it sends them, or nothing; values are not shown. Source: golang.org/x/net/http/httpguts. */
export function headerProblem(headers: { readonly [name: string]: string }): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name)) return `net/http: invalid header field name ${JSON.stringify(name)}`;
    if ([...value].some(isControl)) return `net/http: invalid header field value for ${JSON.stringify(canonical(name))}`;
  }
  return undefined;
}

/** Line breaks above all: what follows one would be a header of its own. */
const isControl = (sign: string): boolean => (sign < " " && sign !== "\t") || sign === "\u007f";

/** `x-team` as `X-Team`. */
const canonical = (name: string): string => name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());

/** They say how the request is sent, which is not the Secret's to say: Go's client leaves out most of them. */
const OF_THE_CONNECTION = new Set("connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade".split(" "));

/** Headers of a Secret as they may be sent: names in small letters, so that none comes twice and `authorization` is known. */
export const ownHeaders = (given: { readonly [name: string]: string }): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([name = ""]) => !OF_THE_CONNECTION.has(name)),
  );
