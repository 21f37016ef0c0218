import type { Costs } from "./waits.ts";

/**
 * Time of our own, in milliseconds at the memory size of the stack: `npm run bench -- --row aws` measures it with the real bundles (docs/performance.md). Those
 * figures hold the loopback's servers, too, and come from a busy machine, so these are rather too much. A function with less memory than one processor
 * (1,769 MB) is given that share of one, and its time is longer by as much.
 */
export type OwnMs = { readonly perInvocation: number; readonly perRequest: number; readonly init: number };

export const OWN_MS = {
  webhook: { perInvocation: 15, perRequest: 0, init: 180 },
  source: { perInvocation: 15, perRequest: 1.5, init: 230 },
  apply: { perInvocation: 15, perRequest: 1.5, init: 350 },
  sweep: { perInvocation: 8, perRequest: 1.5, init: 230 },
  relay: { perInvocation: 17, perRequest: 0, init: 300 },
  // Not measured yet: the sweep's, with three tenths of a processor.
  notify: { perInvocation: 25, perRequest: 5, init: 700 },
  receiver: { perInvocation: 10, perRequest: 2, init: 300 },
} as const satisfies Readonly<Record<string, OwnMs>>;

/** One answer each, in milliseconds, within a region; sources in docs/performance.md. */
export const ANSWERS_MS: Costs = { apiServer: 15, s3: 30, sqs: 10, sns: 15, git: 150 };
