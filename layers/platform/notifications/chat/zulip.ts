import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { fluxMarkdown } from "../message/flux-markdown.ts";
import { basic, secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** A stream of Zulip; `channel` is `<stream>/<topic>`. Of the address only the host counts. Source: reference 4.3.1; recorded in providers/zulip-*. */
export const sendToZulip: Sender = async (notification, world) => {
  const { provider, event } = notification;
  const url = messagesEnd(provider.address);
  if (url === undefined) {
    return {
      kind: "misconfigured",
      message: `invalid Zulip endpoint URL: ${requestUriProblem(provider.address) ?? `parse "${provider.address}": invalid host`}`,
    };
  }
  const [, to, topic] = /^([^/]+)\/(.+)$/s.exec(provider.channel) ?? [];
  if (to === undefined || topic === undefined) {
    return { kind: "misconfigured", message: `invalid Zulip channel format, expected <channel>/<topic>, got '${provider.channel}'` };
  }
  return postMessage(notification, world, {
    url,
    ...signedIn(provider),
    contentType: "application/x-www-form-urlencoded",
    body: form({ content: fluxMarkdown(event), to, topic, type: "stream" }),
    prefix: "",
  });
};

/** Undefined for what is no URL. */
function messagesEnd(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  url.pathname = "/api/v1/messages";
  return url.href;
}

function signedIn(provider: ProviderSettings): { readonly authorization?: string } {
  const password = secretText(provider, "password");
  return provider.username === "" && password === "" ? {} : { authorization: basic(provider.username, password) };
}

/** As Go's url.Values writes it. */
const form = (fields: { readonly [key: string]: string }): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key}=${formText(value)}`)
    .join("&");

const formText = (text: string): string =>
  encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
