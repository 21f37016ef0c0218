import type { ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { sendToEventBridge } from "./aws/eventbridge.ts";
import { sendToSns } from "./aws/sns.ts";
import { sendToSqs } from "./aws/sqs.ts";
import { sendToDiscord } from "./chat/discord.ts";
import { sendToGoogleChat } from "./chat/googlechat.ts";
import { sendToLark } from "./chat/lark.ts";
import { sendToMatrix } from "./chat/matrix.ts";
import { sendToMsTeams } from "./chat/msteams.ts";
import { sendToRocket } from "./chat/rocket.ts";
import { sendToSlack } from "./chat/slack.ts";
import { sendToTelegram } from "./chat/telegram.ts";
import { sendToWebex } from "./chat/webex.ts";
import { sendToZulip } from "./chat/zulip.ts";
import { createGitSenders } from "./git/git-senders.ts";
import { sendToNats } from "./nats/nats.ts";
import { sendToAlertmanager } from "./operations/alertmanager.ts";
import { sendToDatadog } from "./operations/datadog.ts";
import { sendToGrafana } from "./operations/grafana.ts";
import { sendToOpsgenie } from "./operations/opsgenie.ts";
import { sendToPagerDuty } from "./operations/pagerduty.ts";
import { sendToSentry } from "./operations/sentry.ts";
import { sendToOtel } from "./otel/otel.ts";
import type { Sender } from "./sender.ts";
import { sendToAzureEventHub } from "./streams/azureeventhub.ts";
import { sendToGooglePubSub } from "./streams/googlepubsub.ts";
import { sendToGeneric, sendToGenericHmac } from "./webhook/generic.ts";

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
