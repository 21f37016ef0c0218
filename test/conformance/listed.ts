import type { ClusterName } from "./cluster/clusters.ts";

/** One scenario that does not end as recorded, and why. */
export type Listed = {
  readonly scenario: string;
  readonly clusters: readonly ClusterName[];
  readonly kind: string;
  /** Whether it may also end as recorded. */
  readonly sometimes: boolean;
  readonly reason: string;
};

const CLUSTERS: { readonly [words: string]: readonly ClusterName[] } = { "real and sandbox": ["real", "sandbox"], "sandbox only": ["sandbox"] };
/** Of a timing it depends on who is first whether it shows. */
const TIMING = "improvement of timing";
const KIND = /^(improvement|improvement of timing|waits for issue "[^"]+"|waits for the sandbox)$/;

/**
 * The tables of docs/differences.md whose first cell is a scenario's name in backticks: scenario, cluster, kind, reason.
 * Throws what is wrong with a row, since a row that nobody understands would excuse nothing.
 */
export function parseDifferences(markdown: string): readonly Listed[] {
  const rows = markdown.split("\n").flatMap((line) => {
    const cells = line.startsWith("| `") ? line.split(/(?<!\\)\|/).slice(1, -1) : [];
    return cells.length === 0 ? [] : [cells.map((cell) => cell.trim())];
  });
  const listed = rows.map(parseRow);
  const twice = listed.find(({ scenario }, index) => listed.findIndex((other) => other.scenario === scenario) !== index);
  if (twice !== undefined) throw new Error(`${twice.scenario} is listed twice`);
  return listed;
}

function parseRow([name = "", where = "", kind = "", reason = "", ...more]: readonly string[]): Listed {
  const scenario = /^`([a-z]+\/[a-z0-9-]+)`$/.exec(name)?.[1];
  if (scenario === undefined) throw new Error(`not the name of a scenario: ${name}`);
  const clusters = CLUSTERS[where];
  if (clusters === undefined) throw new Error(`${scenario}: not a cluster: ${where}`);
  if (!KIND.test(kind)) throw new Error(`${scenario}: not a kind of difference: ${kind}`);
  if (kind === "waits for the sandbox" && clusters.includes("real")) throw new Error(`${scenario}: only on the sandbox may a scenario wait for the sandbox`);
  if (reason === "" || more.length > 0) throw new Error(`${scenario}: a reason is wanted, and nothing after it`);
  return { scenario, clusters, kind, reason, sometimes: kind === TIMING };
}
