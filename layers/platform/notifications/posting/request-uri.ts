/**
 * What Go's url.ParseRequestURI says against an address, or nothing. Recorded: `parse "": empty url`, `parse "hooks.example.com/x": invalid URI for request`;
 * the others were tried out with Go 1.26.
 */
export function requestUriProblem(address: string): string | undefined {
  const why = problemOf(address);
  return why === undefined ? undefined : `parse ${JSON.stringify(address)}: ${why}`;
}

function problemOf(address: string): string | undefined {
  if (address === "") return "empty url";
  if ([...address].some((letter) => letter < " " || letter === "\u007f")) return "net/url: invalid control character in URL";
  if (address.startsWith("/")) return undefined;
  if (address.startsWith(":")) return "missing protocol scheme";
  const [, rest] = /^[A-Za-z][A-Za-z\d+.-]*:([^?]*)/.exec(address) ?? [];
  if (rest === undefined) return "invalid URI for request";
  const [, authority, path = ""] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  if (authority === undefined) return undefined;
  return hostProblem(authority.slice(authority.lastIndexOf("@") + 1)) ?? escapeProblem(path);
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith("[") && !host.includes("]")) return "missing ']' in host";
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) return `invalid port ${JSON.stringify(`:${port}`)} after host`;
  const wrong = /[ #/\\^`{|}]/.exec(host)?.[0];
  return wrong === undefined ? undefined : `invalid character ${JSON.stringify(wrong)} in host name`;
}

function escapeProblem(path: string): string | undefined {
  const wrong = /%(?![\dA-Fa-f]{2}).{0,2}/.exec(path)?.[0];
  return wrong === undefined ? undefined : `invalid URL escape ${JSON.stringify(wrong)}`;
}
