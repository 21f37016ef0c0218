import { createHash } from "node:crypto";
import type { GitFailure } from "@sluice/engine/ports/git-remote.ts";

/** Whose limit: each token has one of its own at each API. */
export type LimitedBy = { readonly api: string; readonly authorization: string | undefined; readonly now: () => number };

/** Who asks on while GitHub's limit is used up is locked out for longer, so it is not asked before the moment that it named. Lost with the process: that costs one refusal. */
export type RateLimits = {
  /** The refusal that still holds. */
  held(by: LimitedBy): GitFailure | undefined;
  /** `until`: milliseconds since 1970, undefined where GitHub names no moment. */
  hold(by: LimitedBy, refusal: GitFailure, until: number | undefined): void;
};

/** Source: GitHub REST, "Rate limits", "Exceeding the rate limit": a minute at least where no header says when. */
const UNSAID_MS = 60_000;
/** A limit is for an hour: whatever is named beyond that is a mistake. */
const LONGEST_MS = 3_600_000;
const MOST = 1000;

export function createRateLimits(): RateLimits {
  const refusals = new Map<string, { readonly refusal: GitFailure; readonly until: number }>();
  return {
    held: (by) => {
      const known = refusals.get(keyOf(by));
      return known !== undefined && by.now() < known.until ? known.refusal : undefined;
    },
    hold: (by, refusal, until) => {
      const now = by.now();
      const [oldest] = refusals.keys();
      if (refusals.size >= MOST && oldest !== undefined) refusals.delete(oldest);
      refusals.set(keyOf(by), { refusal, until: Math.min(until ?? now + UNSAID_MS, now + LONGEST_MS) });
    },
  };
}

/** A token is kept as its hash. */
const keyOf = ({ api, authorization = "" }: LimitedBy): string => createHash("sha256").update(`${api} ${authorization}`).digest("hex");
