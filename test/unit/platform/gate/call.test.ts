import { parseGateCall, parseGateReply, plainRequest } from "@sluice/platform/gate/call.ts";
import { describe, expect, it } from "vitest";

const CANARY = "k8s-aws-v1.canary-token";
const GET = { method: "GET", path: "/api/v1/pods" };
const CALL = { server: "https://a", certificateAuthority: "pem", sealKey: "a2V5", timeout: 1000, total: 2000, token: CANARY, requests: [GET] };

describe("a call", () => {
  it("is read, and nothing that is not known gets through", () =>
    expect(parseGateCall({ ...CALL, more: 1, requests: [{ ...GET, more: 1, headers: { "Impersonate-User": "a" } }] })).toEqual({
      ...CALL,
      requests: [{ ...GET, headers: { "Impersonate-User": "a" } }],
    }));

  it.each<[why: string, event: unknown]>([
    ["no object", "text"],
    ["nothing", undefined],
    ["no server", { ...CALL, server: undefined }],
    ["an empty authority: the system's would be believed", { ...CALL, certificateAuthority: "" }],
    ["no key for a large answer", { ...CALL, sealKey: 1 }],
    ["no time", { ...CALL, timeout: 0 }],
    ["no end", { ...CALL, total: undefined }],
    ["time that is no number", { ...CALL, timeout: Number.NaN }],
    ["a token that is no text", { ...CALL, token: { CANARY } }],
    ["no requests", { ...CALL, requests: [] }],
    ["too many requests", { ...CALL, requests: Array.from({ length: 257 }, () => GET) }],
    ["a request that is none", { ...CALL, requests: [null] }],
    ["a method that is none", { ...CALL, requests: [{ ...GET, method: "CONNECT" }] }],
    ["a path that is a host", { ...CALL, requests: [{ ...GET, path: "@169.254.169.254/" }] }],
    ["headers of one's own", { ...CALL, requests: [{ ...GET, headers: { authorization: `Bearer ${CANARY}` } }] }],
    ["a host of one's own", { ...CALL, requests: [{ ...GET, headers: { host: "a" } }] }],
    ["a header that is no text", { ...CALL, requests: [{ ...GET, headers: { "impersonate-user": ["a", "b"] } }] }],
    ["a body that is no text", { ...CALL, requests: [{ ...GET, body: {} }] }],
    ["a body in an unknown form", { ...CALL, requests: [{ ...GET, body: "a", bodyIn: "hex" }] }],
  ])("with %s is refused, in words that repeat nothing of it", (_, event) => {
    const refused = (): unknown => parseGateCall(event);
    expect(refused).toThrow(/^gate: /);
    expect(refused).not.toThrow(CANARY);
  });

  it("a body in base64 is what it was", () => {
    const body = "größer: \u{1F512}";
    const request = { method: "PATCH", path: "/x", body: Buffer.from(body).toString("base64"), bodyIn: "base64" } as const;
    expect(plainRequest(request)).toEqual({ method: "PATCH", path: "/x", body });
  });
});

describe("a reply", () => {
  const RESPONSE = { code: 200, headers: { "retry-after": "1" }, body: "{}" };
  const STORED = "gate/01234567-89ab-cdef-0123-456789abcdef";
  it.each<[why: string, reply: unknown]>([
    ["responses", { responses: [RESPONSE, { failed: "connect ECONNREFUSED", sent: false, passing: true }] }],
    ["a place", { stored: STORED }],
  ])("with %s is taken", (_, reply) => expect(parseGateReply(JSON.stringify(reply), 2)).toEqual(reply));

  it.each<[why: string, text: string]>([
    ["no JSON", "<html>"],
    ["null: the function answered nothing", "null"],
    ["too few responses", JSON.stringify({ responses: [RESPONSE] })],
    ["too many responses", JSON.stringify({ responses: [RESPONSE, RESPONSE, RESPONSE] })],
    ["a response without a code", JSON.stringify({ responses: [RESPONSE, { ...RESPONSE, code: "200" }] })],
    ["a response that failed, nobody knows how far", JSON.stringify({ responses: [RESPONSE, { failed: "x" }] })],
    ["neither", JSON.stringify({})],
    ["a place elsewhere in the bucket", JSON.stringify({ stored: "artifacts/a.tar.gz" })],
    ["a place above", JSON.stringify({ stored: `${STORED}/../../renders/a` })],
  ])("with %s is a problem", (_, text) => expect(parseGateReply(text, 2)).toEqual({ problem: expect.any(String) }));
});
