import type { RequestInfo } from "./request-info.ts";

/** How many requests came in, by verb (`get`, `list`, `watch`, `patch`…; `path` for what is no resource). */
export type RequestCounts = { readonly [verb: string]: number };

export type RequestCounter = {
  count(info: RequestInfo, patchType: string | undefined, dryRun: boolean): void;
  counts(): RequestCounts;
  reset(): void;
};

/** Patches are told apart, since an apply and its dry-run are what the budgets speak of: `apply`, `apply dry-run`, `patch`. */
export function createRequestCounter(): RequestCounter {
  const counted = new Map<string, number>();
  return {
    count: (info, patchType, dryRun) => {
      const verb = info.kind === "path" ? "path" : info.verb === "patch" && patchType === "application/apply-patch+yaml" ? "apply" : info.verb;
      const name = dryRun ? `${verb} dry-run` : verb;
      counted.set(name, (counted.get(name) ?? 0) + 1);
    },
    counts: () => Object.fromEntries(counted),
    reset: () => counted.clear(),
  };
}
