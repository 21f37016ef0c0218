import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSession } from "../../../../lib/cli/connect.ts";
import { findResource } from "../../../../lib/cli/find-resource.ts";
import { RESOURCES } from "../../../support/cli/memory-cluster.ts";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", name: "a", namespace: "b" };

describe("a session", () => {
  let server: Server;
  let address: string;
  let asked: IncomingMessage["headers"][];
  let answer: { readonly code: number; readonly body: object };
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(answer.code, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((done) => server.close(done)));

  const session = (flags = {}) => openSession({ connection: { server: address }, namespace: "default", contextName: "x" }, flags);

  it("says who is asking for whom", async () => {
    answer = { code: 200, body: { gitVersion: "v1.35.4" } };
    await session({ as: "me", asUid: "7", asGroup: ["a", "b"], asUserExtra: ["scope=x", "scope=y"] }).server.version();
    expect(asked[0]).toMatchObject({ "impersonate-user": "me", "impersonate-uid": "7", "impersonate-group": "a, b", "impersonate-extra-scope": "x, y" });
  });

  it("says that the server wants to know who is asking", async () => {
    answer = { code: 401, body: { kind: "Status", message: "Unauthorized" } };
    await expect(session().cluster.get(CONFIG_MAP)).rejects.toThrow("the server has asked for the client to provide credentials");
  });

  it("says in the flux command's words that nobody answers", async () => {
    const nobody = openSession({ connection: { server: "http://127.0.0.1:1" }, namespace: "default", contextName: "x" }, {});
    await expect(nobody.cluster.get(CONFIG_MAP)).rejects.toThrow(
      'failed to get server groups: Get "http://127.0.0.1:1/api": dial tcp 127.0.0.1:1: connect: connection refused',
    );
  });
});

describe("findResource", () => {
  it.each([
    ["deployments", "Deployment"],
    ["deployment", "Deployment"],
    ["Deployment", "Deployment"],
    ["deploy", "Deployment"],
    ["deployments.apps", "Deployment"],
    ["deployments.v1.apps", "Deployment"],
    ["deployments.other", undefined],
    ["cm", "ConfigMap"],
    ["kustomization", "Kustomization"],
    ["nonsense", undefined],
  ])("%s is %s", (word, kind) => expect(findResource(RESOURCES, word)?.kind).toBe(kind));
});
