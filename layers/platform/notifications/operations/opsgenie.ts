import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { type GoJson, goJson, sortedKeys } from "../message/go-json.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** Opsgenie's Alert API, "Create alert"; without an alias, as Flux. Source: reference 4.3.1; recorded in providers/opsgenie-*. */
export const sendToOpsgenie: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const problem = requestUriProblem(provider.address);
  if (problem !== undefined) return { kind: "misconfigured", message: `invalid Opsgenie hook URL ${provider.address}: '${problem}'` };
  const token = secretText(provider, "token");
  if (token === "") return { kind: "misconfigured", message: "empty Opsgenie apikey/token" };
  return postMessage(notification, world, { url: provider.address, authorization: `GenieKey ${token}`, body: goJson(alert(event)) });
};

const alert = ({ involvedObject: { kind, name }, message, metadata, severity }: NotifiedEvent): GoJson => ({
  message: `${kind}/${name}`,
  description: message,
  details: sortedKeys({ ...metadata, severity }),
});
