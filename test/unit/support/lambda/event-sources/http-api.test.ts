import { afterEach, describe, expect, it } from "vitest";
import { type HttpApi, startHttpApi } from "../../../../support/lambda/event-sources/http-api.ts";
import type { InvokeEnd, LambdaFunction } from "../../../../support/lambda/function.ts";

let api: HttpApi;
afterEach(() => api.stop());

const events: unknown[] = [];
const target = (invoke: () => Promise<InvokeEnd>): LambdaFunction => ({
  name: "f",
  arn: "arn",
  invoke: (event) => {
    events.push(event);
    return invoke();
  },
  kill: () => 0,
  running: () => 0,
  invocations: [],
  logs: [],
  onLog: () => undefined,
  stop: async () => undefined,
});
const echo = target(async () => ({ kind: "answered", requestId: "", payload: JSON.stringify({ statusCode: 202, body: "taken" }) }));

describe("an HTTP API", () => {
  it("invokes the function of the route and answers what it says", async () => {
    events.length = 0;
    api = await startHttpApi({ routes: { "POST /github": echo }, region: "eu-central-1" });
    const body = JSON.stringify({ text: "ä" });
    const response = await fetch(`${api.url}/github?x=1`, { method: "POST", headers: { "content-type": "application/json", "X-GitHub-Event": "push" }, body });
    expect([response.status, await response.text()]).toEqual([202, "taken"]);
    expect(events).toMatchObject([{ routeKey: "POST /github", headers: { "x-github-event": "push" }, body, isBase64Encoded: false }]);
  });

  it.each([
    { method: "GET", path: "/github", body: undefined, want: 404 },
    { method: "POST", path: "/other", body: "x", want: 404 },
    { method: "POST", path: "/github", body: Buffer.alloc(10 * 1024 * 1024 + 1), want: 413 },
    { method: "POST", path: "/github", body: Buffer.alloc(10 * 1024 * 1024), want: 202 },
  ])("$method $path, $want", async ({ method, path, body, want }) => {
    api = await startHttpApi({ routes: { "POST /github": echo }, region: "eu-central-1" });
    const response = await fetch(`${api.url}${path}`, { method, ...(body !== undefined && { body }) });
    expect(response.status).toBe(want);
  });

  it.each([
    { method: "POST", path: "/hook/a/b?c=d", want: "ANY /hook/{proxy+}" },
    { method: "GET", path: "/hook", want: "ANY /hook" },
    { method: "POST", path: "/hook", want: "POST /hook" },
    { method: "GET", path: "/hook/", want: undefined },
    { method: "GET", path: "/hooked", want: undefined },
  ])("$method $path goes by $want", async ({ method, path, want }) => {
    events.length = 0;
    api = await startHttpApi({ routes: { "ANY /hook/{proxy+}": echo, "ANY /hook": echo, "POST /hook": echo }, region: "eu-central-1" });
    expect((await fetch(`${api.url}${path}`, { method })).status).toBe(want === undefined ? 404 : 202);
    expect(events).toMatchObject(want === undefined ? [] : [{ routeKey: want }]);
  });

  it("gives up on a function that takes too long", async () => {
    const slow = target(() => new Promise(() => undefined));
    api = await startHttpApi({ routes: { "POST /github": slow }, region: "eu-central-1", integrationTimeoutMs: 20 });
    const response = await fetch(`${api.url}/github`, { method: "POST", body: "x" });
    expect([response.status, await response.text()]).toEqual([503, '{"message":"Service Unavailable"}']);
  });
});
