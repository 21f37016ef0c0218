import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import { deliveryKey } from "@sluice/platform/notifications/message/delivery-key.ts";
import { reasonWords } from "@sluice/platform/notifications/message/reason-words.ts";
import { prefixed } from "@sluice/platform/notifications/posting/prefixed.ts";
import { requestUriProblem } from "@sluice/platform/notifications/posting/request-uri.ts";
import { describe, expect, it } from "vitest";
import { aNotification } from "./notification.ts";

describe("reasonWords", () => {
  it.each([
    ["HealthCheckFailed", "health check failed"],
    ["ArtifactUpToDate", "artifact up to date"],
    ["Progressing", "progressing"],
    ["HTTPServerError", "http server error"],
    ["OCIFailed", "oci failed"],
    ["Retry5Times", "retry 5 times"],
    ["GitOperationOK", "git operation ok"],
    ["alreadyLow", "already low"],
    ["", ""],
  ])("says %j as %j", (reason, want) => expect(reasonWords(reason)).toBe(want));
});

describe("requestUriProblem", () => {
  it.each([
    ["https://hooks.example.com/x?a=b", undefined],
    ["/only/a/path", undefined],
    ["custom+scheme:opaque", undefined],
    ["", 'parse "": empty url'],
    ["hooks.example.com/x", 'parse "hooks.example.com/x": invalid URI for request'],
    ["1ttp://x", 'parse "1ttp://x": invalid URI for request'],
    ["://x", 'parse "://x": missing protocol scheme'],
    ["https://x/\n", 'parse "https://x/\\n": net/url: invalid control character in URL'],
    ["https://x/\u007f", 'parse "https://x/\u007f": net/url: invalid control character in URL'],
  ])("says of %j: %s", (address, want) => expect(requestUriProblem(address)).toBe(want));
});

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

describe("deliveryKey", () => {
  const notification = aNotification({});
  it("is the same for each attempt, whatever the Provider holds by then", () => {
    const later = { ...notification, done: 1, provider: { ...notification.provider, address: "https://other" } };
    expect(deliveryKey(later)).toBe(deliveryKey(notification));
    expect(deliveryKey(notification)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { what: "event", other: { ...notification, event: { ...notification.event, id: "event-2" } } },
    { what: "cluster", other: { ...notification, cluster: "test" } },
    { what: "Alert", other: { ...notification, alert: { ...notification.alert, uid: "other" } } },
    { what: "Provider", other: { ...notification, provider: { ...notification.provider, name: "other" } } },
  ])("is another one for another $what", ({ other }) => expect(deliveryKey(other)).not.toBe(deliveryKey(notification)));
});
