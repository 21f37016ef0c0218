import { reasonWords } from "@sluice/platform/notifications/message/reason-words.ts";
import { describe, expect, it } from "vitest";

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
