import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { expect, it } from "vitest";
import { createSandbox } from "../../../../lib/local/sandbox/sandbox.ts";
import { connectionTo } from "../../../support/reconcile/connection.ts";

it("what stands between the network and the API sees each request, and may answer in its place", async () => {
  const seen: string[] = [];
  const sandbox = await createSandbox({
    nodes: false,
    intercept: ({ method, path }, answer) => {
      const version = sandbox.store.resourceVersion();
      const answered = path === "/healthz" ? ({ kind: "json", code: 418, body: {} } as const) : answer();
      seen.push(`${method} ${path} ${answered.code}${sandbox.store.resourceVersion() === version ? "" : " changed"}`);
      return answered;
    },
  });
  const http = createHttp(connectionTo(sandbox));
  try {
    expect((await http.send({ method: "GET", path: "/healthz" })).code).toBe(418);
    const body = JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "here" } });
    expect((await http.send({ method: "POST", path: "/api/v1/namespaces", body })).code).toBe(201);
    expect((await http.send({ method: "GET", path: "/api/v1/namespaces/here" })).code).toBe(200);
  } finally {
    http.close();
    await sandbox.stop();
  }
  expect(seen).toEqual(["GET /healthz 418", "POST /api/v1/namespaces 201 changed", "GET /api/v1/namespaces/here 200"]);
});
