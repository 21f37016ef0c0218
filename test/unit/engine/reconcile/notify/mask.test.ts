import { createMask } from "@sluice/engine/reconcile/notify/mask.ts";
import { describe, expect, it } from "vitest";

describe("what must not be shown", () => {
  it.each([
    { what: "as it is", values: ["s3cr3t-t0ken"], text: "token s3cr3t-t0ken is wrong", want: "token ***** is wrong" },
    { what: "twice", values: ["s3cr3t-t0ken"], text: "s3cr3t-t0ken, s3cr3t-t0ken", want: "*****, *****" },
    { what: "with a line end in the Secret", values: ["s3cr3t-t0ken\n"], text: "token s3cr3t-t0ken is wrong", want: "token ***** is wrong" },
    { what: "in base64", values: ["s3cr3t-t0ken"], text: `Basic ${btoa("s3cr3t-t0ken")}`, want: "Basic *****" },
    { what: "percent-encoded", values: ["s3cr3t/t0ken+x"], text: "/bot/s3cr3t%2Ft0ken%2Bx/send", want: "/bot/*****/send" },
    { what: "a part of headers", values: ["X-Key: c4nary-key-1\nY: z"], text: "no such key c4nary-key-1", want: "no such key *****" },
    {
      what: "an address",
      values: ["https://hooks.test/services/T0/B0/x"],
      text: "POST https://hooks.test/services/T0/B0/x giving up",
      want: "POST ***** giving up",
    },
    {
      what: "an address with an end",
      values: ["https://hooks.test/api/T0/B0"],
      text: "POST https://hooks.test/api/T0/B0/slack: no",
      want: "POST *****/slack: no",
    },
    { what: "the path of an address", values: ["https://hooks.test/services/T0/B0/x"], text: "no /services/T0/B0/x here", want: "no ***** here" },
    { what: "the password of an address", values: ["https://u:p4ssw0rd-x@hooks.test/"], text: "user u, password p4ssw0rd-x", want: "user u, password *****" },
    { what: "nothing that is too short to be one", values: ["t", ""], text: "test", want: "test" },
  ])("$what", ({ values, text, want }) => expect(createMask(values)(text)).toBe(want));
});

it("cuts what is too long for an Event", () => {
  expect(createMask([])("x".repeat(100_000)).length).toBeLessThan(20_000);
  expect(createMask(["s3cr3t-t0ken"])("x".repeat(100_000)).length).toBeLessThan(20_000);
});
