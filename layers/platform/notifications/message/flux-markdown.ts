import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";

/** An event as a text of Markdown, for comments and Zulip. Source: reference 4.3.1. */
export function fluxMarkdown({ involvedObject: { kind, namespace, name }, severity, message, metadata = {} }: NotifiedEvent): string {
  const keys = Object.keys(metadata).filter((key) => key !== "change_request");
  const lines = keys.toSorted((a, b) => (a < b ? -1 : 1)).map((key) => `* \`${key}\`: ${metadata[key]}\n`);
  return `## Flux Status\n\n${severity === "error" ? "⚠️" : "ℹ️"} ${kind}/${namespace}/${name}\n\n${message}\n\nMetadata:\n${lines.join("")}`;
}
