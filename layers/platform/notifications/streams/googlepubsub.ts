import type { Notification } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { eventJson, goJson, sortedKeys } from "../message/go-json.ts";
import { answeredObject } from "../posting/answered-object.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { prefixed } from "../posting/prefixed.ts";
import { secretHeaders } from "../posting/secret-headers.ts";
import type { Sender, SenderWorld } from "../sender.ts";
import { parseServiceAccount, type ServiceAccount, signAssertion } from "./service-account.ts";

const SCOPE = "https://www.googleapis.com/auth/pubsub";

/**
 * The event's JSON as a message, the Secret's `headers` as its attributes; over REST, where Flux speaks gRPC.
 * Source: reference 4.3.1; Pub/Sub's REST API, topics.publish.
 */
export const sendToGooglePubSub: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const { address: project, channel: topic } = provider;
  if (project === "") return { kind: "misconfigured", message: "GCP project ID cannot be empty" };
  if (topic === "") return { kind: "misconfigured", message: "GCP Pub/Sub topic ID cannot be empty" };
  const attributes = secretHeaders(provider);
  if (!attributes.ok) return { kind: "misconfigured", message: attributes.problem };
  const key = secretText(provider, "token");
  if (key === "") return { kind: "misconfigured", message: NO_IDENTITY };
  const account = parseServiceAccount(key);
  if (!account.ok) return { kind: "misconfigured", message: account.problem };

  const prefix = `error publishing to GCP Pub/Sub topic projects/${project}/topics/${topic}: `;
  const token = await accessToken(notification, world, account.value);
  if (typeof token !== "string") return prefixed(prefix, token);
  const message = {
    data: Buffer.from(eventJson(event)).toString("base64"),
    ...(Object.keys(attributes.value).length > 0 && { attributes: sortedKeys(attributes.value) }),
  };
  const path = `projects/${encodeURIComponent(project)}/topics/${encodeURIComponent(topic)}:publish`;
  const url = `https://pubsub.${account.value.universe}/v1/${path}`;
  return prefixed(prefix, await postMessage(notification, world, { url, authorization: `Bearer ${token}`, body: goJson({ messages: [message] }) }));
};

const NO_IDENTITY =
  "a Provider of type googlepubsub needs a Secret with the key 'token', the JSON of a service account's key: there is no workload identity here";

/** A token, or why there is none. */
async function accessToken(notification: Notification, world: SenderWorld, account: ServiceAccount) {
  const assertion = signAssertion(account, SCOPE, Math.floor(world.now() / 1000));
  let token = "";
  const answer = await postMessage(notification, world, {
    url: account.tokenUri,
    contentType: "application/x-www-form-urlencoded",
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }).toString(),
    check: (given) => {
      token = tokenIn(given);
      return token === "" ? "the answer has no access_token" : undefined;
    },
  });
  return answer.kind === "sent" ? token : answer;
}

function tokenIn(answer: HttpAnswer): string {
  const { access_token: token } = answeredObject(answer) ?? {};
  return typeof token === "string" ? token : "";
}
