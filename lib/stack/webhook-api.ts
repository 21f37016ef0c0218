import { METRIC_NAMESPACE, type MetricName } from "@sluice/platform/lambda/metric-names.ts";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { CfnStage, HttpApi, HttpMethod, type HttpRoute, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import type { SluiceFunction } from "./sluice-function.ts";
import type { Installation } from "./stack-config.ts";

/** Must be what the webhook's callers are told: the command `bootstrap` registers it at GitHub. */
const PATH = "/github";
/** What `status.webhookPath` of every Receiver begins with. */
const RECEIVER_PATHS = ["/hook", "/hook/{proxy+}"];
/** Requests in a second, and how many at once: far more than people push, far less than what would cost money. What is refused is caught by the sweep. */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };
/** Anybody may send to a path, and each request asks a bucket at least: less than for GitHub, whose deliveries these must not push aside. */
const RECEIVER_THROTTLE = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };
/** GitHub waits ten seconds for an answer. */
const TIMEOUT = Duration.seconds(10);
/** A single failure heals by the next sweep. */
const FAILURES_THAT_MATTER = 3;

export type WebhookApiProps = {
  readonly installation: Installation;
  readonly webhook: SluiceFunction;
  readonly receiver: SluiceFunction;
  readonly alarms: Alarms;
};

/**
 * The doors from outside: POST /github, and /hook/… for Receivers. An HTTP API and no function URLs, since it can be throttled before anything of ours runs; and two
 * functions, since the one behind the first has no way into a cluster.
 */
export class WebhookApi extends Construct {
  readonly api: HttpApi;
  readonly url: string;
  /** Before a Receiver's `status.webhookPath`. */
  readonly receiverUrl: string;

  constructor(scope: Construct, id: string, { installation, webhook, receiver, alarms }: WebhookApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, "Api", { apiName: `${installation.stackName}-webhook`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration("Webhook", webhook.lambda, { timeout: TIMEOUT });
    for (const route of this.api.addRoutes({ path: PATH, methods: [HttpMethod.POST], integration })) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason:
          "GitHub signs each delivery with HMAC-SHA256 over its body, which no authorizer of API Gateway sees: the function checks it before anything else",
      });
    }
    const receiverRoutes = this.#routeReceivers(receiver);
    const stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(this.#accessLog(installation)), format: ACCESS_LOG_FORMAT },
    });
    const { defaultChild } = stage.node;
    if (defaultChild instanceof CfnStage) {
      defaultChild.addPropertyOverride("RouteSettings", Object.fromEntries(RECEIVER_PATHS.map((path) => [`ANY ${path}`, RECEIVER_THROTTLE])));
    }
    // CloudFormation takes settings only of routes that are there.
    stage.node.addDependency(...receiverRoutes);
    this.receiverUrl = stripSlash(stage.url);
    this.url = `${this.receiverUrl}${PATH}`;
    alarms.add({
      name: "deliveries fail",
      description: "GitHub's deliveries are answered with errors again and again; until that ends, pushes are seen by the sweep, up to an interval late.",
      metric: failedDeliveries(webhook),
      threshold: FAILURES_THAT_MATTER,
      evaluationPeriods: 1,
    });
  }

  #routeReceivers(receiver: SluiceFunction): readonly HttpRoute[] {
    const integration = new HttpLambdaIntegration("Receiver", receiver.lambda, { timeout: receiver.timeout });
    const routes = RECEIVER_PATHS.flatMap((path) => this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }));
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason:
          "Each Receiver has a rule of its own: a path that nobody can guess, and a signature or a token that the function checks before it does anything. No authorizer of API Gateway sees the body that is signed",
      });
    }
    return routes;
  }

  /** Below /aws/vendedlogs/, where deliveries of AWS's own services need no entry in a policy of limited length. */
  #accessLog({ stackName, logRetentionDays }: Installation): LogGroup {
    return new LogGroup(this, "AccessLog", {
      logGroupName: `/aws/vendedlogs/${stackName}/webhook-access`,
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/**
 * What the function said that it failed to take, and what it broke off. Not the API's own count of errors: an answer to a Receiver is among those, and a tenant whose
 * cluster or Secret is gone would wake people up. With nothing to count a metric has no value, which SUM passes over only among others.
 */
function failedDeliveries({ lambda }: SluiceFunction): MathExpression {
  const metricName: MetricName = "DeliveryFailed";
  const sum = { period: Duration.hours(1), statistic: "Sum" };
  return new MathExpression({
    expression: "SUM([FILL(failed, 0), FILL(errors, 0)])",
    usingMetrics: { failed: new Metric({ namespace: METRIC_NAMESPACE, metricName, ...sum }), errors: lambda.metricErrors(sum) },
    label: "deliveries that failed",
    period: sum.period,
  });
}

/** Who asked when, and how it ended: no header and no body. */
const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: "$context.requestId",
    ip: "$context.identity.sourceIp",
    requestTime: "$context.requestTime",
    routeKey: "$context.routeKey",
    status: "$context.status",
    responseLatency: "$context.responseLatency",
    integrationError: "$context.integrationErrorMessage",
  }),
);

const stripSlash = (url: string): string => (url.endsWith("/") ? url.slice(0, -1) : url);
