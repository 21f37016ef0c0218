import { isIP } from "node:net";
import { hostnameOf, parseUrl, type Url } from "@sluice/engine/build/helm/functions/url/url.ts";
import type { CelFunction } from "@sluice/engine/cel/environment.ts";
import type { Meter } from "@sluice/engine/cel/meter.ts";
import { RE2JS } from "re2js";

/** What a URL is to an expression. */
type CelUrl = ReadonlyMap<string, string>;

/** Of the libraries that Kubernetes has beside those of CEL, what definitions of charts use. Source: apiserver, pkg/cel/library (URLs, Regex, IP, CIDR). */
export const kubernetesLibraries = (meter: Meter): readonly CelFunction[] => [
  { signature: "isURL(string): bool", run: (text: string) => requestUri(text) !== undefined },
  { signature: "url(string): map", run: urlOf },
  ...["Scheme", "Host", "Hostname", "Port", "EscapedPath"].map((part) => ({
    signature: `map.get${part}(): string`,
    run: (url: CelUrl) => url.get(part) ?? "",
  })),
  { signature: "string.find(string): string", run: (text: string, pattern: string) => find(meter, text, pattern) },
  { signature: "isIP(string): bool", run: (text: string) => isAddress(text) },
  { signature: "isCIDR(string): bool", run: isCidr },
];

/** An absolute URI or an absolute path, as Go's ParseRequestURI wants it. */
function requestUri(text: string): Url | undefined {
  const parsed = text === "" || text.includes("#") ? undefined : parseUrl(text);
  if (parsed?.ok !== true) return undefined;
  return parsed.value.scheme !== "" || text.startsWith("/") ? parsed.value : undefined;
}

function urlOf(text: string): CelUrl {
  const url = requestUri(text);
  if (url === undefined) throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
  const hostname = hostnameOf(url);
  const [, port = ""] = /:(\d*)$/.exec(url.host) ?? [];
  return new Map([
    ["Scheme", url.scheme],
    ["Host", url.host],
    ["Hostname", hostname],
    ["Port", port],
    ["EscapedPath", url.rawPath === "" ? url.path : url.rawPath],
  ]);
}

function find(meter: Meter, text: string, pattern: string): string {
  meter.spend(text.length);
  const matcher = RE2JS.compile(pattern).matcher(text);
  return matcher.find() ? (matcher.group() ?? "") : "";
}

/** No zone, and no IPv4 within IPv6. Source: apiserver, parseIPAddr. */
const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes("%") && !/^::ffff:/i.test(text);

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  const bits = isIP(address) === 4 ? 32 : 128;
  return more.length === 0 && isAddress(address) && /^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits;
}
