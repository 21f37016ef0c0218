import type { DayPlan } from "./days.ts";
import { PRICES, type PriceName } from "./prices.ts";
import type { DayRecord } from "./record.ts";
import type { Check } from "./verdict.ts";

const WORDS: { readonly [Name in PriceName]: string } = {
  lambdaGbSecond: "Lambda, GB-seconds (arm64)",
  lambdaRequest: "Lambda, invocations",
  sqsFifoRequest: "SQS FIFO, requests",
  sqsStandardRequest: "SQS standard, requests",
  snsPublish: "SNS, publishes",
  httpApiRequest: "HTTP API, requests",
  schedulerInvocation: "EventBridge Scheduler, invocations",
  s3Put: "S3, PUT",
  s3Get: "S3, GET and HEAD",
  s3GbMonth: "S3, GB stored",
  secretMonth: "Secrets Manager, secrets",
  secretRequest: "Secrets Manager, requests",
  logGb: "CloudWatch Logs, GB written",
  logGbMonth: "CloudWatch Logs, GB kept",
  metricMonth: "CloudWatch, custom metrics",
  alarmMonth: "CloudWatch, alarms",
  dashboardMonth: "CloudWatch, dashboards",
};

/** The month's bill as a table of Markdown, dearest first. */
export function renderBill({ lines, dollars, afterFree }: DayRecord): string {
  const rows = lines.map(
    ({ what, units, dollars: cost, afterFree: paid }) => `| ${WORDS[what]} | ${amount(units)} | ${PRICES[what].price} | ${money(cost)} | ${money(paid)} |`,
  );
  return [
    "| what | a month | price, $ | $ | $ after free tiers |",
    "|---|---|---|---|---|",
    ...rows,
    `| **all** | | | **${money(dollars)}** | **${money(afterFree)}** |`,
  ].join("\n");
}

/** What one day counts, by function. */
export function renderCounts({ day }: DayRecord): string {
  const names = ["tick", "sweep", "webhook", "source", "apply", "relay", "notify"];
  const of = (what: string, name: string): number => day[`${what} ${name}`] ?? 0;
  const rows = names.map((name) => {
    const invocations = of("invocations", name);
    const cells = [amount(invocations), amount(of("cold starts", name)), amount(of("GB-ms", name) / 1000), amount(of("log bytes", name) / 1024 ** 2)];
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return ["| function, a day | invocations | cold starts | GB-seconds | MiB of logs |", "|---|---|---|---|---|", ...rows].join("\n");
}

export function renderDay(plan: DayPlan, record: DayRecord, checks: readonly Check[]): string {
  const isInBudget = record.dollars <= plan.budget;
  const lines = [...checks, { what: "dollars a month, list prices", budget: `$${plan.budget}`, measured: `$${money(record.dollars)}`, isHeld: isInBudget }];
  const verdict = lines.map(({ what, budget, measured, isHeld }) => `${isHeld ? "✔" : "✗"} ${what}: ${measured} (budget ${budget})`);
  return [
    `${plan.title}, ${plan.options.hours} h`,
    renderCounts(record),
    `API requests ${amount(record.day["api requests"] ?? 0)}, requests to Git servers ${amount(record.day["git requests"] ?? 0)} a day`,
    renderBill(record),
    ...verdict,
  ].join("\n\n");
}

const money = (value: number): string => value.toFixed(2);
const amount = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString("en-US") : value.toFixed(value < 0.1 ? 3 : 1);
