import type { AlertRef, ChannelName, Delivery } from "../../domain/delivery.ts";
import { seconds } from "../../domain/time.ts";
import { parseAlert } from "../../flux/alert-object.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import type { ProviderSettings } from "../../ports/notifier.ts";
import type { NotificationsDeps } from "./deps.ts";
import { createMask, type Mask } from "./mask.ts";
import { readSettings } from "./provider-settings.ts";
import { readProvider } from "./read-provider.ts";
import { dispatchFailed } from "./say.ts";

/** Where a delivery goes, as it stands in the cluster and its Secrets now. */
export type Place =
  | { readonly kind: "ready"; readonly settings: ProviderSettings; readonly mask: Mask }
  /** Nobody wants it any more. */
  | { readonly kind: "closed"; readonly why: string }
  /** `message` is for the Alert's Event. */
  | { readonly kind: "wrong"; readonly message: string };

type PlaceDeps = Pick<NotificationsDeps, "cluster" | "channels">;

export const findPlace = ({ cluster, channels }: PlaceDeps, delivery: Delivery): Promise<Place> =>
  delivery.target.kind === "channel" ? channelPlace(channels, delivery.target.name) : providerPlace(cluster, delivery, delivery.target);

async function providerPlace(
  cluster: PlaceDeps["cluster"],
  { event, attempt }: Delivery,
  { alert, provider: name }: { readonly alert: AlertRef; readonly provider: string },
): Promise<Place> {
  const unwanted = attempt === 0 ? undefined : await whyUnwanted(cluster, alert);
  if (unwanted !== undefined) return { kind: "closed", why: unwanted };
  const provider = await readProvider(cluster, alert.namespace, name);
  if (!provider.ok) return { kind: "wrong", message: dispatchFailed(event, provider.problem) };
  if (provider.value.spec.suspend) return { kind: "closed", why: "the provider is suspended" };
  const { hidden, settings } = await readSettings(cluster, provider.value, event, alert);
  const mask = createMask(hidden);
  if (!settings.ok) return { kind: "wrong", message: mask(dispatchFailed(event, settings.problem)) };
  return { kind: "ready", settings: settings.value, mask };
}

/** Minutes may have passed since the Alert let the event through: who has silenced it meanwhile does not want to hear the rest. */
async function whyUnwanted(cluster: PlaceDeps["cluster"], { namespace, name }: AlertRef): Promise<string | undefined> {
  const answer = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.Alert), kind: KINDS.Alert.kind, namespace, name });
  if (answer.kind === "absent") return "the Alert is gone";
  if (answer.kind !== "found") return undefined;
  const alert = parseAlert(answer.object);
  return alert.ok && alert.value.spec.suspend ? "the Alert is suspended" : undefined;
}

const NOT_CONFIGURED: Place = { kind: "closed", why: "the channel is not configured any more" };

async function channelPlace({ slack, amazonQ }: NotificationsDeps["channels"], name: ChannelName): Promise<Place> {
  switch (name) {
    case "slack": {
      if (slack === undefined) return NOT_CONFIGURED;
      const address = await slack.address();
      const settings: ProviderSettings = { ...CHANNEL, type: "slack", name, address: address.reveal().trim(), secrets: { address } };
      return { kind: "ready", settings, mask: createMask([address.reveal()]) };
    }
    case "amazon-q": {
      if (amazonQ === undefined) return NOT_CONFIGURED;
      // The channel of a Provider of type sns is the form of its messages.
      return { kind: "ready", settings: { ...CHANNEL, type: "sns", name, address: amazonQ.topicArn, channel: "amazon-q" }, mask: (text) => text };
    }
  }
}

const CHANNEL = {
  namespace: "",
  uid: "",
  annotations: {},
  channel: "",
  username: "",
  statusId: "",
  secrets: {},
  timeout: seconds(15),
} satisfies Omit<ProviderSettings, "type" | "name" | "address">;
