import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { reasonWords } from "../message/reason-words.ts";

/** Source: Amazon Q Developer in chat applications, Administrator Guide, "Custom notifications"; what has no limit there has one here. */
const LONGEST_TITLE = 250;
const LONGEST_DESCRIPTION = 8000;
const LONGEST_TEXT = 250;
const MOST_CONTEXT = 10;

/**
 * An event as a custom notification, which a channel shows that Amazon Q Developer (formerly AWS Chatbot) serves: all of one object are one thread there.
 * Texts are cut, with `…` at their end.
 */
export function amazonQNotification(event: NotifiedEvent, cluster: string): string {
  const { id, involvedObject, severity, reason, message, metadata = {} } = event;
  const { kind, namespace, name } = involvedObject;
  const object = `${kind}/${namespace}/${name}`;
  const isFailure = severity === "error";
  const title = `${isFailure ? ":rotating_light:" : ":white_check_mark:"} ${cluster}: ${object} ${reasonWords(reason)}`;
  return JSON.stringify({
    version: "1.0",
    source: "custom",
    id,
    content: {
      textType: "client-markdown",
      title: cut(title, LONGEST_TITLE),
      description: cut(escapeMarkup(message) || escapeMarkup(reasonWords(reason)), LONGEST_DESCRIPTION),
      ...(isFailure && { nextSteps: [cut(`\`sluice events --for ${kind}/${name} --namespace ${namespace}\` shows what came before`, LONGEST_TEXT)] }),
      keywords: [cluster, kind, reason, severity].filter((word) => word !== "").map((word) => cut(word, LONGEST_TEXT)),
    },
    metadata: {
      threadId: cut(`${cluster}/${object}`, LONGEST_TEXT),
      summary: cut(`${object} on ${cluster}`, LONGEST_TEXT),
      eventType: cut(`${kind} ${reason}`, LONGEST_TEXT),
      relatedResources: [cut(object, LONGEST_TEXT)],
      additionalContext: contextOf(cluster, metadata),
    },
  });
}

/**
 * What a message of a cluster says is shown, not obeyed: no `<!channel>`, no `@here`, no link under another name. An invisible letter parts an @ from its name.
 * Source: Slack, "Formatting text", escaping; Amazon Q Developer, "Custom notifications": mentions with an @ are heeded.
 */
const escapeMarkup = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/(?<![\w.:/-])@(?=\w)/g, "@\u200b");

function contextOf(cluster: string, metadata: { readonly [key: string]: string }): { readonly [key: string]: string } {
  const { cluster: named = cluster, ...others } = metadata;
  const entries = Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    [["cluster", named] as const, ...entries].slice(0, MOST_CONTEXT).map(([key, value]) => [cut(key, LONGEST_TEXT), cut(value, LONGEST_TEXT)]),
  );
}

/** By UTF-16 units, as the limits of most services count, and never within a letter. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text
    .slice(0, limit - 1)
    .toWellFormed()
    .replace(/\u{FFFD}$/u, "")}…`;
}
