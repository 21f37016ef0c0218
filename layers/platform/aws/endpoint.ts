/** Of partitions whose hosts are named otherwise, by how their regions begin. Source: botocore, data/partitions.json. */
const DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["us-iso-", "c2s.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
  ["eusc-", "amazonaws.eu"],
];

export const domainOf = (region: string): string => DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "amazonaws.com";

/** Services whose id is another name than their hosts'. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
const NAMES: ReadonlyMap<string, string> = new Map([["events", "eventbridge"]]);

/**
 * Where a service of the region is: what the environment says, as the SDKs read it, else its usual host. FIPS and dual-stack endpoints are chosen by
 * variables that the stack does not set. Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
 */
export const endpointOf = (service: string, region: string, environment: NodeJS.ProcessEnv): string =>
  environment[`AWS_ENDPOINT_URL_${(NAMES.get(service) ?? service).toUpperCase()}`] ||
  environment["AWS_ENDPOINT_URL"] ||
  `https://${service}.${region}.${domainOf(region)}`;
