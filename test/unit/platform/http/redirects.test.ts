import { secret } from "@sluice/engine/domain/secret.ts";
import type { HttpAnswer, HttpRequest } from "@sluice/platform/http/exchange.ts";
import { afterRedirect, locationOf } from "@sluice/platform/http/redirects.ts";
import { describe, expect, it } from "vitest";

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: "https://hooks.example.com/services/T0?a=b",
  headers: { "content-type": "application/json", accept: "*/*", "private-token": "t-1", "X-Team": "blue", "gotk-component": "source-controller" },
  authorization: "Bearer t-2",
  body: Buffer.from("{}"),
  tls: { ca: "CA", certificate: "CERT", key: secret("KEY") },
  proxy: { address: "http://proxy.example.com" },
  signal: new AbortController().signal,
  maxBytes: 10,
  redirectsAsGet: true,
  ...more,
});
const followed = (status: number, location: string, more: Partial<HttpRequest> = {}): HttpRequest => {
  const next = afterRedirect(request(more), status, location);
  if (typeof next === "string") throw new Error(next);
  return next;
};

describe("which answers are followed", () => {
  it.each([
    { method: "GET", redirectsAsGet: false, follows: [301, 302, 303, 307, 308] },
    { method: "POST", redirectsAsGet: false, follows: [307, 308] },
    { method: "POST", redirectsAsGet: true, follows: [301, 302, 303, 307, 308] },
    { method: "PUT", redirectsAsGet: true, follows: [301, 302, 303, 307, 308] },
  ] as const)("$method $redirectsAsGet", ({ method, redirectsAsGet, follows }) => {
    const answer = (status: number): HttpAnswer => ({ kind: "answered", status, headers: { location: "/x" }, body: new Uint8Array(), url: "" });
    const all = Array.from({ length: 500 }, (_, index) => index + 100);
    expect(all.filter((status) => locationOf(answer(status), request({ method, redirectsAsGet })) !== undefined)).toEqual(follows);
    expect(locationOf({ ...answer(307), headers: {} }, request())).toBeUndefined();
  });
});

describe("what follows a redirect", () => {
  it("of 301 to 303 is a GET without the body and what describes it, and names where it comes from", () => {
    for (const status of [301, 302, 303]) {
      const { method, url, headers, body } = followed(status, "/moved");
      expect({ method, url, body }).toEqual({ method: "GET", url: "https://hooks.example.com/moved", body: undefined });
      expect(headers).toEqual({
        accept: "*/*",
        "private-token": "t-1",
        "X-Team": "blue",
        "gotk-component": "source-controller",
        referer: "https://hooks.example.com/services/T0?a=b",
      });
    }
  });

  it("of 307 and 308 is the same again", () => {
    for (const status of [307, 308]) {
      const { method, body, headers, authorization } = followed(status, "/moved");
      expect({ method, body: body?.toString(), authorization }).toEqual({ method: "POST", body: "{}", authorization: "Bearer t-2" });
      expect(headers).toMatchObject({ "content-type": "application/json" });
    }
  });

  it.each([
    "https://other.example.com/x",
    "http://hooks.example.com/x",
    "https://hooks.example.com:8443/x",
  ])("carries no credential to %s, nor where it comes from", (to) => {
    const { headers, authorization, tls } = followed(307, to);
    expect(headers).toEqual({ "content-type": "application/json", accept: "*/*", "gotk-component": "source-controller" });
    expect(authorization).toBeUndefined();
    expect(tls).toEqual({ ca: "CA" });
  });

  it("has no Referer of another origin on its way back", () => {
    const away = followed(307, "https://other.example.com/x");
    expect(followed(307, "https://hooks.example.com/y", away).headers).not.toHaveProperty("referer");
  });

  it.each([
    { location: "ftp://hooks.example.com/", want: 'unsupported protocol scheme "ftp"' },
    { location: "file:///etc/passwd", want: 'unsupported protocol scheme "file"' },
    { location: "https://a:99999/", want: "failed to parse Location header" },
  ])("is nothing for $location", ({ location, want }) => expect(afterRedirect(request(), 307, location)).toBe(want));
});
