import { createSignedRequests, type SignedRequests, type SignedRequestsOptions } from "../../aws/signed-requests.ts";
import type { AwsRequests } from "../sender.ts";

/** As many as a moment's clock skew or broken connection takes: whoever delivers tries again later. */
const ATTEMPTS = 2;

/** Requests as the role that we run as, with connections that are kept for each service and region. `region` is our own, for what is asked with `""`. */
export function createAwsRequests(
  options: Pick<SignedRequestsOptions, "region" | "endpoint" | "credentials" | "maxAttempts"> = {},
): AwsRequests & { close(): void } {
  const open = new Map<string, SignedRequests>();
  const { region: own, ...others } = options;
  const requests: AwsRequests = (service, region) => {
    const key = `${service} ${region}`;
    const place = region === "" ? own : region;
    const there = open.get(key) ?? createSignedRequests(service, { maxAttempts: ATTEMPTS, ...others, ...(place !== undefined && { region: place }) });
    open.set(key, there);
    return there;
  };
  return Object.assign(requests, {
    close: () => {
      for (const one of open.values()) one.close();
      open.clear();
    },
  });
}
