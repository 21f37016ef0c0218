import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingNames } from "../../../support/notifications/recording.ts";
import { type Replay, recordedWarnings, startReplay } from "../../../support/notifications/replay.ts";

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay();
});
afterAll(() => replay.close());

describe("what the real notification-controller sent and said", () => {
  it.each(recordingNames())("%s", async (name) => {
    const { recording, sent, bodies, warnings, log } = await replay.run(name);
    expect(sent).toEqual(recording.sent.map(({ rawBody: _, ...request }) => withVarying(request)));
    expect(warnings).toEqual(recordedWarnings(recording));
    for (const [index, { rawBody }] of recording.sent.entries()) if (typeof rawBody === "string") expect(bodies[index]).toBe(rawBody);
    expect(log.join("\n")).not.toContain("broke off");
  });
});

/** What differs from run to run. */
const VARYING: { readonly [placeholder: string]: string } = {
  RANDOM: "[0-9a-f]{16,32}",
  RANDOM_UUID: "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
  APP_JWT: "eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+",
  NOW: "(?:\\d{19}|2026-01-02T03:04:\\d\\d(?:\\.\\d+)?Z)",
};

function withVarying(value: Json): unknown {
  if (typeof value === "string" && /^\$\{LENGTH\}$/.test(value)) return expect.any(Number);
  if (typeof value === "string" && value.includes("${")) {
    const pattern = value.split(/\$\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? RegExp.escape(part) : (VARYING[part] ?? "never")));
    return expect.stringMatching(new RegExp(`^${pattern.join("")}$`));
  }
  if (isArray(value)) return value.map(withVarying);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "otherContexts")
      .map(([key, inner]) => [key, withVarying(inner)]),
  );
}
