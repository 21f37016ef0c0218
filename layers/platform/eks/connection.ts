import { epochMs, type Milliseconds, minutes } from "@sluice/engine/domain/time.ts";
import type { Credentials } from "../aws/credentials.ts";
import { createKept, type Kept } from "../aws/kept.ts";
import { createSignedRequests, type SignedRequests } from "../aws/signed-requests.ts";
import type { Connection } from "../kubernetes/connection.ts";
import { type Endpoint, readEndpoint } from "./endpoint.ts";
import { createRoleCredentials } from "./role-credentials.ts";
import { presignToken } from "./token.ts";

/** One cluster, as the configuration of an installation has it. */
export type EksCluster = {
  readonly name: string;
  /** The name that EKS has for it, where that is another one. */
  readonly eksName?: string;
  readonly region: string;
  /** Assumed to reach a cluster of another account. */
  readonly roleArn?: string;
};

export type EksConnectionsOptions = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What EKS and STS are asked with beside our usual options: a region for STS, an endpoint, credentials. */
  readonly clients?: { readonly region?: string; readonly endpoint?: string; readonly credentials?: Credentials; readonly maxAttempts?: number };
  /** Before Kubernetes' slash: field managers are derived from it. */
  readonly userAgent?: string;
  /** The session's name when a role is assumed. */
  readonly sessionName?: string;
  /** How long it is believed where a server is; fifteen minutes unless said. */
  readonly ttl?: Milliseconds;
};

export type EksConnections = {
  /**
   * How to reach the cluster as this function's role, or as the one that it assumes: the same value each time, unless the server moved in between. Throws
   * when EKS knows no such cluster.
   */
  open(cluster: EksCluster): Promise<Connection>;
  /** The cluster did not answer, or refused us for good: where its server is will be asked again before the next `open`, at most every 15 s. */
  forget(name: string): void;
};

const TTL = minutes(15);
/** A server takes a token for fifteen minutes from when it was signed, whatever the URL says of its own expiry. Source: aws-iam-authenticator, pkg/token. */
const TOKEN_TTL = minutes(14);
const EXPIRY_MARGIN = minutes(1);

type Known = { readonly endpoint: Kept<Endpoint>; readonly token: (renew: boolean) => Promise<string>; opened?: Connection };

export function createEksConnections(options: EksConnectionsOptions): EksConnections {
  const { now, clients = {}, userAgent, sessionName = "sluice", ttl = TTL } = options;
  const roles = createRoleCredentials({ sts: createSignedRequests("sts", clients), now, sessionName });
  const known = new Map<string, Known>();

  function meet({ name, eksName = name, region, roleArn }: EksCluster): Known {
    const there = known.get(name);
    if (there !== undefined) return there;
    const role = roleArn === undefined ? undefined : roles(roleArn);
    const eks = createSignedRequests("eks", { ...clients, ...(role !== undefined && { credentials: role.get }), region });
    const met = {
      endpoint: createKept({ load: () => readEndpoint(eks, eksName), now, until: (_: Endpoint, at: number) => at + ttl }),
      token: createToken({ eks, role, cluster: eksName, region, now }),
    };
    known.set(name, met);
    return met;
  }

  return {
    open: async (cluster) => {
      const met = meet(cluster);
      const { server, certificateAuthority } = await met.endpoint.get();
      if (met.opened?.server !== server || met.opened.certificateAuthority !== certificateAuthority)
        met.opened = { server, certificateAuthority, token: met.token, ...(userAgent !== undefined && { userAgent }) };
      return met.opened;
    },
    forget: (name) => known.get(name)?.endpoint.expire(),
  };
}

type TokenOptions = {
  readonly eks: Pick<SignedRequests, "credentials" | "clockOffset">;
  readonly role: Kept<Credentials> | undefined;
  readonly cluster: string;
  readonly region: string;
  readonly now: () => number;
};

type Signed = { readonly token: string; readonly until: number };

/**
 * Bearer tokens, each used for as long as it is good: the API server asks STS about every one that it has not seen. They are signed by the time of EKS: a
 * server gives no reason when it refuses a token, but the Date of EKS' own answers tells how far our clock is off.
 */
function createToken({ eks, role, cluster, region, now }: TokenOptions): (renew: boolean) => Promise<string> {
  const kept = createKept<Signed>({
    load: async () => {
      const credentials = await eks.credentials();
      const token = await presignToken({ cluster, region, credentials, now: epochMs(now() + eks.clockOffset()) });
      const until = (credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - EXPIRY_MARGIN;
      return { token, until: Math.min(now() + TOKEN_TTL, until) };
    },
    now,
    until: ({ until }) => until,
    isUsable: () => false,
  });
  return async (renew) => {
    if (renew) {
      role?.expire();
      kept.expire();
    }
    return (await kept.get()).token;
  };
}
