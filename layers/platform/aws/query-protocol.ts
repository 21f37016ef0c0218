import type { AwsRequest } from "./exchange.ts";
import { percentEncode } from "./percent-encode.ts";

/** A request of AWS's query protocol, in which the operation is a field among its parameters. Source: Smithy, "AWS query protocol". */
export function queryRequest(action: string, version: string, parameters: Readonly<Record<string, string>>): AwsRequest {
  const fields = Object.entries({ Action: action, Version: version, ...parameters }).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return { method: "POST", path: "/", headers: { "content-type": "application/x-www-form-urlencoded" }, body: fields.join("&") };
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The text of the first element of that name that has text and no elements in it; undefined when there is none. Answers of the query protocol have neither
 * attributes on such elements nor CDATA, and what is read here has a name of its own wherever it is nested.
 */
export function elementText(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal?: string, hex?: string, named?: string) => {
    if (named !== undefined) return NAMED[named] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal));
  });
}
