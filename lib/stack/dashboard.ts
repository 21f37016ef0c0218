import { METRIC_NAMESPACE, type MetricName } from "@sluice/platform/lambda/metric-names.ts";
import { Aws, Duration } from "aws-cdk-lib";
import { AlarmStatusWidget, Dashboard as CloudWatchDashboard, GraphWidget, type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import type { SluiceFunction } from "./sluice-function.ts";
import type { WebhookApi } from "./webhook-api.ts";
import type { WorkQueue } from "./work-queue.ts";

export type DashboardProps = {
  readonly stackName: string;
  readonly alarms: Alarms;
  readonly api: WebhookApi;
  readonly functions: readonly SluiceFunction[];
  readonly queues: readonly WorkQueue[];
  /** Dead-letter queues that belong to no queue. */
  readonly undelivered: readonly IQueue[];
};

const PERIOD = Duration.minutes(5);
const SUM = { statistic: "Sum", period: PERIOD };

/** One page: is it well, what was pushed and how long it took, what failed, what was put back, what lies in dead letters, what it costs. */
export class Dashboard extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { stackName, alarms, api, functions, queues, undelivered }: DashboardProps) {
    super(scope, id);
    const name = `${stackName}-${Aws.REGION}`;
    new CloudWatchDashboard(this, "Dashboard", {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: "Alarms", alarms: alarms.all, width: 24, height: 4 })],
        [
          graph("Pushes", [counted("Push"), counted("DeliveryRefused"), counted("DeliveryFailed")]),
          graph("From push to applied, milliseconds", latencies()),
          graph("Passes that failed", [counted("PassFailed"), counted("PassStalled"), counted("EventError")]),
        ],
        [
          graph("Drift put back", [counted("DriftCorrected")]),
          graph("Sweep: what was due, what had something to do", [counted("SweepDue"), counted("SweepSent"), byCluster("ClusterUnreachable")]),
          graph("Clusters swept", [byCluster("Swept")]),
        ],
        [
          graph("Notifications", [counted("NotificationSent"), counted("NotificationRetried"), counted("NotificationDropped")]),
          graph("Notifications that were not sent", [counted("NotificationFailed"), counted("NotificationGivenUp"), counted("EventMalformed")]),
          graph("Requests to Receivers", [counted("HookTaken"), counted("HookRefused"), api.api.metricServerError(SUM)]),
        ],
        [
          graph("Dead letters", [...queues.map(({ deadLetters }) => deadLetters), ...undelivered].map(depthOf)),
          graph("Waiting: age of the oldest, seconds", queues.map(ageOf)),
          graph(
            "Throttled",
            functions.map(({ lambda, label }) => lambda.metricThrottles({ ...SUM, label })),
          ),
        ],
        [
          graph(
            "Cost: invocations",
            functions.map(({ lambda, label }) => lambda.metricInvocations({ ...SUM, label })),
          ),
          graph(
            "Cost: duration, milliseconds",
            functions.map(({ lambda, label }) => lambda.metricDuration({ ...SUM, label })),
          ),
          graph("Cost: requests to API servers, messages", [counted("ApiRequests"), ...queues.map(sentTo)]),
        ],
      ],
    });
    this.url = `https://${Aws.REGION}.console.aws.amazon.com/cloudwatch/home?region=${Aws.REGION}#dashboards/dashboard/${name}`;
  }
}

const graph = (title: string, left: readonly IMetric[]): GraphWidget => new GraphWidget({ title, left: [...left], width: 8, height: 6, leftYAxis: { min: 0 } });

const counted = (metricName: MetricName): Metric => new Metric({ namespace: METRIC_NAMESPACE, metricName, ...SUM, label: metricName });

const latencies = (): readonly Metric[] =>
  ["p50", "p95", "Maximum"].map(
    (statistic) => new Metric({ namespace: METRIC_NAMESPACE, metricName: "PushToApplied", statistic, period: PERIOD, label: statistic }),
  );

/** One line for each cluster there is, also for those that come later. */
const byCluster = (metricName: MetricName): MathExpression =>
  new MathExpression({ expression: `SEARCH('{${METRIC_NAMESPACE},cluster} MetricName="${metricName}"', 'Sum')`, label: `${metricName} `, period: PERIOD });

const depthOf = (queue: IQueue): Metric => queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD });
const ageOf = ({ queue, name }: WorkQueue): Metric => queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: PERIOD, label: name });
const sentTo = ({ queue, name }: WorkQueue): Metric => queue.metricNumberOfMessagesSent({ ...SUM, label: `messages to ${name}` });
