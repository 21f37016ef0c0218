/** What AWS counts. Functions by name, queues by kind; bytes as they are written. */
export type Count =
  | `invocations ${string}`
  | `GB-ms ${string}`
  | `cold starts ${string}`
  | `log bytes ${string}`
  | `api requests ${string}`
  | `messages ${string}`
  | "sqs fifo requests"
  | "sqs standard requests"
  | "s3 put"
  | "s3 get"
  | "sns publishes"
  | "sns deliveries"
  | "http api requests"
  | "scheduler invocations"
  | "secrets requests"
  | "git requests"
  | "late deletions";

export type Bill = {
  add(what: Count, by?: number): void;
  of(what: Count): number;
  /** Forgets what was counted. */
  begin(): void;
  /** By name, those that begin with `prefix` without it. */
  all(prefix?: string): Readonly<Record<string, number>>;
};

export function createBill(): Bill {
  const counts = new Map<string, number>();
  return {
    add: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    begin: () => counts.clear(),
    of: (what) => counts.get(what) ?? 0,
    all: (prefix = "") =>
      Object.fromEntries(
        [...counts]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, count]): [string, number] => [name.slice(prefix.length), count])
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}
