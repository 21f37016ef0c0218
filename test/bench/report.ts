import type { Round, Row } from "./rows.ts";
import type { ServerName } from "./servers.ts";

export type Spread = { readonly min: number; readonly median: number; readonly max: number };

/** A row on one server. Times in seconds; ratios are to `kubectl apply --server-side` in the same round. */
export type Measured = {
  readonly server: ServerName;
  readonly row: string;
  readonly title: string;
  readonly budget: number;
  readonly maxRequests?: number;
  readonly note?: string;
  readonly sluice: Spread;
  readonly kubectl?: Spread;
  readonly ratio?: Spread;
  /** Of the dearest round. */
  readonly requests: { readonly [verb: string]: number };
  readonly counted?: { readonly [verb: string]: number };
};

export function measuredOf(server: ServerName, row: Row, rounds: readonly Round[]): Measured {
  const sluice = rounds.map((round) => round.sluice.ms / 1000);
  const kubectl = rounds.flatMap(({ kubectlMs }) => (kubectlMs === undefined ? [] : [kubectlMs / 1000]));
  const dearest = rounds.map((round) => round.sluice).toSorted((a, b) => total(b.requests) - total(a.requests))[0];
  const { id, title, budget, maxRequests, note } = row;
  return {
    server,
    row: id,
    title,
    budget,
    ...(maxRequests !== undefined && { maxRequests }),
    ...(note !== undefined && { note }),
    sluice: spreadOf(sluice),
    ...(kubectl.length > 0 && { kubectl: spreadOf(kubectl), ratio: spreadOf(pairwise(sluice, kubectl)) }),
    requests: dearest?.requests ?? {},
    ...(dearest?.counted !== undefined && { counted: dearest.counted }),
  };
}

const pairwise = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((value, index) => value / (b[index] ?? Number.NaN));

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return { min: sorted[0] ?? 0, median, max: sorted.at(-1) ?? 0 };
}

export const total = (requests: { readonly [verb: string]: number }): number => Object.values(requests).reduce((sum, count) => sum + count, 0);

/** Whether the median holds the budget. */
export const isMet = ({ budget, maxRequests, sluice, requests }: Measured): boolean =>
  sluice.median <= budget && (maxRequests === undefined || total(requests) <= maxRequests);

export function tableOf(all: readonly Measured[]): string {
  const head = ["server", "what", "budget", "Sluice (min med max)", "kubectl apply", "Sluice/kubectl", "requests", ""];
  const lines = all.map((one) => [
    one.server,
    one.title,
    `${one.budget} s${one.maxRequests === undefined ? "" : `, ${one.maxRequests} req`}`,
    shown(one.sluice),
    shown(one.kubectl),
    shown(one.ratio),
    requestsShown(one.requests),
    isMet(one) ? "met" : "MISSED",
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((cells) => cells[column]?.length ?? 0)));
  return `${[head, ...lines]
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")}\n`;
}

const shown = (spread: Spread | undefined): string =>
  spread === undefined ? "-" : `${spread.min.toFixed(2)} ${spread.median.toFixed(2)} ${spread.max.toFixed(2)}`;

function requestsShown(requests: { readonly [verb: string]: number }): string {
  const parts = Object.entries(requests).map(([verb, count]) => `${count} ${verb}`);
  return parts.length === 0 ? "-" : `${total(requests)} (${parts.join(", ")})`;
}
