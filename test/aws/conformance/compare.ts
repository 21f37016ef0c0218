import type { Difference } from "./differences.ts";

/** What one check gave. */
export type Result = { readonly id: string; readonly want: string; readonly ours: string; readonly moto: string | undefined };

/**
 * What is wrong with the results: our fake that does not do what AWS documents, a difference of moto's that nobody argued, and one that is listed
 * and is not there any more.
 */
export function findProblems(results: readonly Result[], listed: readonly Difference[]): readonly string[] {
  const problems = results.flatMap(({ id, want, ours, moto }) => {
    const wrong = ours === want ? [] : [`${id}\n    wanted ${want}\n    ours   ${ours}`];
    const known = listed.find((one) => one.id === id);
    if (moto === undefined) return wrong;
    if (moto === ours) return known === undefined ? wrong : [...wrong, `${id}\n    is listed as a difference, and moto does the same`];
    if (known?.moto === moto) return wrong;
    return [...wrong, `${id}\n    ours   ${ours}\n    moto   ${moto}\n    ${known === undefined ? "not listed in differences.ts" : `listed as ${known.moto}`}`];
  });
  const ids = new Set(results.map(({ id }) => id));
  return [...problems, ...listed.filter(({ id }) => !ids.has(id)).map(({ id }) => `${id}\n    is listed, and there is no such check`)];
}
