import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { type GoJson, goJson } from "../message/go-json.ts";
import { metadataEntries } from "../message/metadata-entries.ts";
import { objectName } from "../message/object-name.ts";
import { answeredObject } from "../posting/answered-object.ts";
import { postMessage } from "../posting/post-message.ts";
import { requestUriProblem } from "../posting/request-uri.ts";
import type { Sender } from "../sender.ts";

/** A bot of Lark or Feishu. Source: reference 4.3.1; recorded in providers/lark-*. */
export const sendToLark: Sender = async (notification, world) => {
  const { provider, event } = notification;
  // The wrong name is Flux's.
  if (requestUriProblem(provider.address) !== undefined) return { kind: "misconfigured", message: `invalid Slack hook URL ${provider.address}` };
  return postMessage(notification, world, {
    url: provider.address,
    body: goJson(card(event)),
    useTls: false,
    useProxy: false,
    prefix: "",
    check: complaintOf,
  });
};

/** Lark may answer 200 to what it does not show: `{"code":19024,"msg":"Key Words Not Found"}`. Flux does not look; we do not lose it silently. */
function complaintOf(answer: HttpAnswer): string | undefined {
  const { code, msg } = answeredObject(answer) ?? {};
  return typeof code === "number" && code !== 0 ? `Lark responded with error: ${code} ${typeof msg === "string" ? msg : ""}` : undefined;
}

function card(event: NotifiedEvent): GoJson {
  const isError = event.severity === "error";
  const details = metadataEntries(event).map(([key, value]) => `${key}: ${value}\n`);
  return {
    msg_type: "interactive",
    card: {
      config: { wide_screen_mode: true },
      header: { title: { tag: "plain_text", content: `${isError ? "🚨" : "💫"} ${objectName(event)}` }, template: isError ? "red" : "turquoise" },
      elements: [{ tag: "div", text: { tag: "lark_md", content: `**${event.message}**\n\n${details.join("")}` } }],
    },
  };
}
