import { Duration } from "aws-cdk-lib";
import type { Alarms } from "./alarms.ts";
import type { SluiceFunction } from "./sluice-function.ts";

/** A quarter of an hour: what fails once is tried again and heals, what fails on needs a person. */
const PERIODS = 3;
const period = Duration.minutes(5);

/** A function that fails, or that Lambda does not start, for a quarter of an hour without a pause. The webhook has an alarm of its own, which goes off before. */
export function addFunctionAlarms(alarms: Alarms, { label, lambda }: SluiceFunction, { hasOwn = false } = {}): void {
  if (!hasOwn)
    alarms.add({
      name: `${label} fails`,
      description: `Function ${label} has failed in each five minutes of the last fifteen: its log says why.`,
      metric: lambda.metricErrors({ period, statistic: "Sum" }),
      threshold: 1,
      evaluationPeriods: PERIODS,
    });
  alarms.add({
    name: `${label} throttled`,
    description: `Lambda has not started function ${label} when it was due: the account's concurrency is used up, or what is reserved is too little.`,
    metric: lambda.metricThrottles({ period, statistic: "Sum" }),
    threshold: 1,
    evaluationPeriods: PERIODS,
  });
}
