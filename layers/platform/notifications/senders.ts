import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { sendToAlertmanager } from "./alertmanager.ts";
import { sendToEventBridge } from "./aws/eventbridge.ts";
import { sendToSns } from "./aws/sns.ts";
import { sendToSqs } from "./aws/sqs.ts";
import { sendToAzureEventHub } from "./azureeventhub.ts";
import { sendToDatadog } from "./datadog.ts";
import { createGitSenders } from "./git/git-senders.ts";
import { sendToGooglePubSub } from "./googlepubsub.ts";
import { sendToGrafana } from "./grafana.ts";
import { sendToNats } from "./nats/nats.ts";
import { sendToOpsgenie } from "./opsgenie.ts";
import { sendToOtel } from "./otel/otel.ts";
import { sendToPagerDuty } from "./pagerduty.ts";
import type { Sender } from "./sender.ts";
import { sendToSentry } from "./sentry.ts";

/** Who sends for which type of Provider, of those that remember nothing from one notification to the next. */
const SENDERS: { readonly [Type in ProviderType]?: Sender } = {
  alertmanager: sendToAlertmanager,
  azureeventhub: sendToAzureEventHub,
  datadog: sendToDatadog,
  eventbridge: sendToEventBridge,
  googlepubsub: sendToGooglePubSub,
  grafana: sendToGrafana,
  nats: sendToNats,
  opsgenie: sendToOpsgenie,
  otel: sendToOtel,
  pagerduty: sendToPagerDuty,
  sentry: sendToSentry,
  sns: sendToSns,
  sqs: sendToSqs,
};

/** Who sends for which type of Provider. What they remember (tokens of GitHub Apps) lives as long as what is returned. */
export const createSenders = (): { readonly [Type in ProviderType]?: Sender } => ({ ...SENDERS, ...createGitSenders() });
