/**
 * Whether the gate may speak to `server`.
 *
 * Who may invoke the gate stands inside the cluster's VPC: without a list it would reach every host there that speaks TLS, with a certificate authority of
 * its own choosing, and read what it answers. It holds no credential that would help (its role writes `gate/*` of one bucket, and nothing else), so what
 * remains is where it may connect. An EKS endpoint's name is chosen by AWS and changes when a cluster is made anew, so the list knows suffixes
 * (`.eu-central-1.eks.amazonaws.com`), on port 443 only, and whole hosts (`10.0.0.7:6443`, `127.0.0.1:6443` in tests). An empty list lets nothing
 * through. Of the servers that the list admits an attacker gets no more than a token of theirs gives: the gate has none.
 */
export function isAllowedServer(server: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(server)) return false;
  const { protocol, username, password, host, hostname, port } = new URL(server);
  if (protocol !== "https:" || username !== "" || password !== "") return false;
  return allowed.some((entry) => (entry.startsWith(".") ? port === "" && hostname.endsWith(entry) && hostname.length > entry.length : entry === host));
}

/** `.eu-central-1.eks.amazonaws.com,10.0.0.7:6443`. Throws for what would admit more than it seems to. */
export function parseAllowedHosts(text: string): readonly string[] {
  const entries = text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  const wrong = entries.find((entry) => !/^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/.test(entry) || (entry.startsWith(".") && entry.includes(":")));
  if (wrong !== undefined) throw new Error(`expected a host, or a suffix of at least two parts that begins with a dot, got ${JSON.stringify(wrong)}`);
  return entries;
}
