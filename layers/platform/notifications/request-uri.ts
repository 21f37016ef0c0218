/** What Go's url.ParseRequestURI says against an address, or nothing. Recorded: `parse "": empty url`, `parse "hooks.example.com/x": invalid URI for request`. */
export function requestUriProblem(address: string): string | undefined {
  const why = problemOf(address);
  return why === undefined ? undefined : `parse ${JSON.stringify(address)}: ${why}`;
}

function problemOf(address: string): string | undefined {
  if (address === "") return "empty url";
  if ([...address].some((letter) => letter < " " || letter === "\u007f")) return "net/url: invalid control character in URL";
  if (address.startsWith("/")) return undefined;
  if (address.startsWith(":")) return "missing protocol scheme";
  return /^[A-Za-z][A-Za-z\d+.-]*:/.test(address) ? undefined : "invalid URI for request";
}
