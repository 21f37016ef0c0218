import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { prefixed } from "@sluice/platform/notifications/posting/prefixed.ts";
import { describe, expect, it } from "vitest";

describe("prefixed", () => {
  it.each<{ answer: NotifierAnswer; want: NotifierAnswer }>([
    { answer: { kind: "sent" }, want: { kind: "sent" } },
    { answer: { kind: "dropped", why: "w" }, want: { kind: "dropped", why: "w" } },
    { answer: { kind: "misconfigured", message: "m" }, want: { kind: "misconfigured", message: "m" } },
    { answer: { kind: "refused", message: "m" }, want: { kind: "refused", message: "before: m" } },
    {
      answer: { kind: "unavailable", prefix: "p: ", request: "r", why: "w", done: 2 },
      want: { kind: "unavailable", prefix: "before: p: ", request: "r", why: "w", done: 2 },
    },
  ])("puts it where a message is: $answer.kind", ({ answer, want }) => expect(prefixed("before: ", answer)).toEqual(want));
});
