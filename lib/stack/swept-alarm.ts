import { METRIC_NAMESPACE } from "@sluice/platform/lambda/metric-names.ts";
import { Duration } from "aws-cdk-lib";
import { Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Alarms } from "./alarms.ts";

const MINUTES = 5;

/** A cluster whose turn came five times and that was not looked at: silence is the alarm. */
export function addSweptAlarm(alarms: Alarms, cluster: string): void {
  alarms.add({
    name: `${cluster} not swept`,
    description: `Cluster ${cluster} was not looked at for ${MINUTES} minutes: its API server does not answer or refuses us, or nothing runs at all.`,
    metric: new Metric({ namespace: METRIC_NAMESPACE, metricName: "Swept", dimensionsMap: { cluster }, statistic: "Sum", period: Duration.minutes(1) }),
    threshold: 1,
    below: true,
    evaluationPeriods: MINUTES,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
