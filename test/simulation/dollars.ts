import { METRIC_DIMENSIONS, type MetricName } from "@sluice/platform/lambda/metric-names.ts";
import { HOURS_PER_MONTH, PRICES, type PriceName } from "./prices.ts";

/** What an installation uses in a month, in the units of prices. */
export type Usage = Readonly<Record<PriceName, number>>;

/** A day as the simulation counts it, for all clusters. Keys as in bill.ts. */
export type Day = Readonly<Record<string, number>>;

export type Installed = {
  readonly clusters: number;
  readonly kustomizations: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly bucketBytes: number;
};

const DAYS = HOURS_PER_MONTH / 24;
const GB = 1024 ** 3;
/** CloudWatch keeps logs compressed, to about this share. Source: CloudWatch pricing, "archived log data … 0.15 compression". */
const COMPRESSED = 0.15;
/** As lib/stack/stack-config.ts has it unless configured. */
const RETENTION_DAYS = 30;
/** Lambda reads each queue by five long polls of 20 seconds at a time, also when nothing comes. Source: Lambda, "Understanding polling and batching". */
const IDLE_POLLS_A_DAY = 5 * 3 * 60 * 24;
const FIFO_QUEUES = 3;
const STANDARD_QUEUES = 2;

/** A metric is billed for the hours in which it is sent: these are not while all is well, or where nobody has Alerts and Receivers, as nobody here has. */
const NOT_SENT: readonly MetricName[] = [
  "ClusterUnreachable",
  "DeliveryFailed",
  "NotificationSent",
  "NotificationRetried",
  "NotificationFailed",
  "NotificationGivenUp",
  "NotificationDropped",
  "HookTaken",
  "HookRefused",
];

/** How many metrics there are for each cluster, and how many for all together. */
function metricNames(): readonly [number, number] {
  const sent = Object.entries(METRIC_DIMENSIONS).filter(([name]) => !NOT_SENT.some((one) => one === name));
  const byCluster = sent.filter(([, dimensions]: readonly [string, readonly string[]]) => dimensions.includes("cluster")).length;
  return [byCluster, sent.length - byCluster];
}

const total = (day: Day, prefix: string): number => Object.entries(day).reduce((sum, [name, count]) => sum + (name.startsWith(prefix) ? count : 0), 0);

export function usageOf(day: Day, { clusters, alarms, dashboards, bucketBytes }: Installed): Usage {
  const month = (count: number): number => count * DAYS;
  const logGb = month(total(day, "log bytes ")) / GB;
  const [byCluster, others] = metricNames();
  return {
    lambdaGbSecond: month(total(day, "GB-ms ")) / 1000,
    lambdaRequest: month(total(day, "invocations ")),
    sqsFifoRequest: month((day["sqs fifo requests"] ?? 0) + FIFO_QUEUES * IDLE_POLLS_A_DAY),
    sqsStandardRequest: month((day["sqs standard requests"] ?? 0) + STANDARD_QUEUES * IDLE_POLLS_A_DAY),
    snsPublish: month(day["sns publishes"] ?? 0),
    httpApiRequest: month(day["http api requests"] ?? 0),
    schedulerInvocation: month(day["scheduler invocations"] ?? 0),
    s3Put: month(day["s3 put"] ?? 0),
    s3Get: month(day["s3 get"] ?? 0),
    // What a day adds stays until the lifecycle takes it: 30 days.
    s3GbMonth: (bucketBytes * DAYS) / GB,
    secretMonth: 1,
    secretRequest: month(day["secrets requests"] ?? 0),
    logGb,
    logGbMonth: logGb * COMPRESSED * (RETENTION_DAYS / DAYS),
    metricMonth: others + byCluster * clusters,
    alarmMonth: alarms,
    dashboardMonth: dashboards,
  };
}

export type Line = { readonly what: PriceName; readonly units: number; readonly dollars: number; readonly afterFree: number };

/** A month's bill, dearest first. */
export function billOf(usage: Usage): readonly Line[] {
  return names()
    .map((what) => {
      const { price, free } = PRICES[what];
      const units = usage[what];
      return { what, units, dollars: units * price, afterFree: Math.max(0, units - free) * price };
    })
    .toSorted((a, b) => b.dollars - a.dollars);
}

const names = (): readonly PriceName[] => Object.keys(PRICES).filter((name): name is PriceName => name in PRICES);

export const sumOf = (lines: readonly Line[], of: "dollars" | "afterFree"): number => lines.reduce((sum, line) => sum + line[of], 0);
