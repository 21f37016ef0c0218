import { createHmac } from "node:crypto";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { eventJson } from "../message/go-json.ts";
import { secretText } from "../posting/authorization.ts";
import { postMessage } from "../posting/post-message.ts";
import { prefixed } from "../posting/prefixed.ts";
import type { Sender } from "../sender.ts";

/** The event's JSON; over HTTPS, where Flux speaks AMQP. Source: reference 4.3.1; Event Hubs' REST API, "Send event". */
export const sendToAzureEventHub: Sender = async (notification, world) => {
  const access = accessOf(notification.provider, world.now());
  if (!access.ok) return { kind: "misconfigured", message: access.problem };
  const { hub, authorization } = access.value;
  const answer = await postMessage(notification, world, {
    url: `${hub}/messages?timeout=60&api-version=2014-01`,
    authorization,
    contentType: "application/atom+xml;type=entry;charset=utf-8",
    body: eventJson(notification.event),
  });
  return prefixed("failed to send msg: ", answer);
};

/** `hub` is its URL, `https://<namespace>.servicebus.windows.net/<name>`. */
type Access = { readonly hub: string; readonly authorization: string };

/** A connection string with a key, or the hub's name with `channel` as its namespace and a JWT. */
function accessOf(provider: ProviderSettings, now: EpochMs): Result<Access> {
  const { address, channel } = provider;
  const token = secretText(provider, "token");
  if (address.includes("SharedAccessKey")) {
    if (token !== "") return problem("invalid authentication options: jwt token and SAS authentication cannot be set at the same time");
    const parsed = parseConnectionString(address);
    return parsed.ok
      ? ok({ hub: parsed.value.hub, authorization: signature(parsed.value, now) })
      : problem(`failed to create a eventhub using SAS ${parsed.problem}`);
  }
  if (token === "") return problem(NO_IDENTITY);
  if (!/^[A-Za-z\d][A-Za-z\d.-]*$/.test(channel) || address === "")
    return problem("failed to create a eventhub using authentication token: expected the hub's name as address and its namespace as channel");
  const host = channel.includes(".servicebus.") ? channel : `${channel}.servicebus.windows.net`;
  return ok({ hub: `https://${host}/${encodeURIComponent(address)}`, authorization: `Bearer ${token}` });
}

const NO_IDENTITY =
  "a Provider of type azureeventhub needs a connection string with a SharedAccessKey, or a Secret with the key 'token': there is no workload identity here";

type Sas = { readonly hub: string; readonly keyName: string; readonly key: string };

/** `Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…`; a problem does not show it. Source: Event Hubs, "Get a connection string". */
function parseConnectionString(text: string): Result<Sas> {
  const parts = new Map(
    text
      .split(";")
      .filter((part) => part.includes("="))
      .map((part) => [part.slice(0, part.indexOf("=")).trim().toLowerCase(), part.slice(part.indexOf("=") + 1).trim()] as const),
  );
  const [endpoint = "", keyName = "", key = "", path = ""] = ["endpoint", "sharedaccesskeyname", "sharedaccesskey", "entitypath"].map((name) =>
    parts.get(name),
  );
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== "sb:" || url.host === "") return problem("the connection string has no Endpoint such as sb://<namespace>.servicebus.windows.net/");
  if (keyName === "" || key === "") return problem("the connection string has no SharedAccessKeyName or SharedAccessKey");
  if (path === "") return problem("the connection string has no EntityPath");
  return ok({ hub: `https://${url.host}/${encodeURIComponent(path)}`, keyName, key });
}

const LIFE_SECONDS = 3600;

/** Source: Event Hubs, "Generate a Shared Access Signature token". */
function signature({ hub, keyName, key }: Sas, now: EpochMs): string {
  const resource = encodeURIComponent(hub.toLowerCase());
  const expiry = Math.floor(now / 1000) + LIFE_SECONDS;
  const signed = createHmac("sha256", key).update(`${resource}\n${expiry}`).digest("base64");
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signed)}&se=${expiry}&skn=${encodeURIComponent(keyName)}`;
}
