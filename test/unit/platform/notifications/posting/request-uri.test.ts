import { requestUriProblem } from "@sluice/platform/notifications/posting/request-uri.ts";
import { describe, expect, it } from "vitest";

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
