import type { Listed } from "./listed.ts";

/** How one scenario ended. */
export type Ending = { readonly kind: "ended"; readonly diff: string } | { readonly kind: "broken"; readonly why: string };

export type Verdict = { readonly word: "same" | "differs" | "listed" | "broken"; readonly passed: boolean; readonly text: string };

/**
 * What to say about an ending. A listed scenario may differ or break, whatever the way; that it is the same by now is a failure, so that the list
 * does not outlive what it excuses.
 */
export function judge(ending: Ending, listed: Listed | undefined): Verdict {
  const detail = ending.kind === "broken" ? ending.why : ending.diff;
  if (detail === "" && listed !== undefined && !listed.sometimes)
    return { word: "same", passed: false, text: "is the same by now: take it out of docs/differences.md" };
  if (detail !== "" && listed !== undefined) return { word: "listed", passed: true, text: `${listed.kind}: ${listed.reason}` };
  if (ending.kind === "broken") return { word: "broken", passed: false, text: ending.why };
  return detail === "" ? { word: "same", passed: true, text: "" } : { word: "differs", passed: false, text: detail };
}
