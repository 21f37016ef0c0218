import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { sendToAlertmanager } from "./alertmanager.ts";
import { sendToEventBridge } from "./aws/eventbridge.ts";
import { sendToSns } from "./aws/sns.ts";
import { sendToSqs } from "./aws/sqs.ts";
import { sendToAzureEventHub } from "./azureeventhub.ts";
import { sendToDatadog } from "./datadog.ts";
import { sendToDiscord } from "./discord.ts";
import { sendToGeneric, sendToGenericHmac } from "./generic.ts";
import { createGitSenders } from "./git/git-senders.ts";
import { sendToGoogleChat } from "./googlechat.ts";
import { sendToGooglePubSub } from "./googlepubsub.ts";
import { sendToGrafana } from "./grafana.ts";
import { sendToLark } from "./lark.ts";
import { sendToMatrix } from "./matrix.ts";
import { sendToMsTeams } from "./msteams.ts";
import { sendToNats } from "./nats/nats.ts";
import { sendToOpsgenie } from "./opsgenie.ts";
import { sendToOtel } from "./otel/otel.ts";
import { sendToPagerDuty } from "./pagerduty.ts";
import { sendToRocket } from "./rocket.ts";
import type { Sender } from "./sender.ts";
import { sendToSentry } from "./sentry.ts";
import { sendToSlack } from "./slack.ts";
import { sendToTelegram } from "./telegram.ts";
import { sendToWebex } from "./webex.ts";
import { sendToZulip } from "./zulip.ts";

/** Who sends for which type of Provider, of those that remember nothing from one notification to the next. */
const SENDERS = {
  alertmanager: sendToAlertmanager,
  azureeventhub: sendToAzureEventHub,
  datadog: sendToDatadog,
  discord: sendToDiscord,
  eventbridge: sendToEventBridge,
  generic: sendToGeneric,
  "generic-hmac": sendToGenericHmac,
  googlechat: sendToGoogleChat,
  googlepubsub: sendToGooglePubSub,
  grafana: sendToGrafana,
  lark: sendToLark,
  matrix: sendToMatrix,
  msteams: sendToMsTeams,
  nats: sendToNats,
  opsgenie: sendToOpsgenie,
  otel: sendToOtel,
  pagerduty: sendToPagerDuty,
  rocket: sendToRocket,
  sentry: sendToSentry,
  slack: sendToSlack,
  sns: sendToSns,
  sqs: sendToSqs,
  telegram: sendToTelegram,
  webex: sendToWebex,
  zulip: sendToZulip,
} as const satisfies { readonly [Type in ProviderType]?: Sender };

/** Who sends for which type of Provider. What they remember (tokens of GitHub Apps) lives as long as what is returned. */
export const createSenders = (): { readonly [Type in ProviderType]: Sender } => ({ ...SENDERS, ...createGitSenders() });
