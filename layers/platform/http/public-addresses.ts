import { BlockList, isIP, isIPv6 } from "node:net";

/** Special-purpose networks, which are never somebody's public server. Source: IANA special-purpose address registries. */
const IPV4: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** All but 2000::/3 is special; of that, what carries an IPv4 address inside (6to4, Teredo) or is for documents. */
const IPV6: readonly string[] = ["::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** Not even a list of the host's own may open these: loopback, link-local and what hands out a machine's credentials. */
const NEVER: readonly string[] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/128", "::1/128", "fe80::/10", "fd00:ec2::/32"];

/**
 * What may be connected to where a tenant names the host, for every function in Lambda: public addresses, and of the private ones those that
 * the stack's configuration lists (`10.20.0.0/16`). The local mode has no such guard: it reaches what its user reaches.
 * Throws for a network that is none. Source: security.md, SSRF.
 */
export function publicAddressesAnd(networks: readonly string[]): (address: string) => boolean {
  const special = listOf([...IPV4, ...IPV6]);
  const never = listOf(NEVER);
  const allowed = listOf(networks);
  return (address) => {
    const plain = withoutMapping(address);
    if (plain === undefined) return false;
    return !never(plain) && (!special(plain) || allowed(plain));
  };
}

/** `::ffff:10.0.0.1` and `64:ff9b::10.0.0.1` (NAT64) are 10.0.0.1; undefined for what is no address. */
function withoutMapping(address: string): string | undefined {
  if (!address.includes(":")) return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) ? address : undefined;
  if (address.includes("%") || !URL.canParse(`http://[${address}]/`)) return undefined;
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high, low] = /^(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written) ?? [];
  if (high === undefined || low === undefined) return written;
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** One list for each family: a BlockList finds IPv4 addresses in IPv6 networks, too. */
function listOf(networks: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/");
    const family = familyOf(address);
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === "ipv6" ? 128 : 32))
      throw new Error(`not a network: ${JSON.stringify(network)}: expected one such as "10.20.0.0/16"`);
    lists[family].addSubnet(address, Number(bits), family);
  }
  return (address) => lists[familyOf(address)].check(address, familyOf(address));
}

const familyOf = (address: string): "ipv4" | "ipv6" => (isIPv6(address) ? "ipv6" : "ipv4");
