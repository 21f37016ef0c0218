import { reasonText } from "@sluice/platform/sqs/reason.ts";
import { describe, expect, it } from "vitest";

describe("reasonText", () => {
  it.each<{ given: string; want: string }>([
    { given: "item: expected an object, got nothing", want: "item: expected an object, got nothing" },
    { given: " two\nlines\t\u0000\u0007\uFFFF\uD800 ", want: "two\nlines\t\uFFFD\uFFFD\uFFFD\uFFFD" },
    { given: "a".repeat(1000), want: "a".repeat(1000) },
    { given: "a".repeat(1001), want: `${"a".repeat(999)}…` },
    { given: "\u{1F600}".repeat(1001), want: `${"\u{1F600}".repeat(999)}…` },
    { given: "GET /api: token k8s-aws-v1.aHR0cHM6_-x9 refused", want: "GET /api: token [secret] refused" },
    { given: "authorization: Bearer abc.def-123== and Basic dTpw", want: "authorization: Bearer [secret] and Basic [secret]" },
    { given: "clone https://user:hunter2@git.example.com/r failed", want: "clone https://[secret]@git.example.com/r failed" },
    { given: "ghs_16C7e42F292c6912E7710c838347Ae178B4a, github_pat_11A_b", want: "[secret], [secret]" },
    { given: "?X-Amz-Credential=AKIDEXAMPLE%2F2&X-Amz-Signature=abc123&b", want: "?X-Amz-Credential=[secret]&X-Amz-Signature=[secret]&b" },
    { given: "keys AKIAIOSFODNN7EXAMPLE and ASIAIOSFODNN7EXAMPLE", want: "keys [secret] and [secret]" },
  ])("$want", ({ given, want }) => expect(reasonText(given)).toBe(want));

  it("takes no time with what is long", () => expect(reasonText("://".repeat(5_000_000))).toHaveLength(1000));
});
