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
