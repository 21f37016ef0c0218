import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createJsonDocuments } from "@sluice/platform/json-documents/json-documents.ts";
import { createTenantDial, createTenantHttp } from "@sluice/platform/lambda/tenant-access.ts";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../lib/local/system-clock.ts";

/** What functions in Lambda connect to where a tenant's object says so: a Provider's address, an issuer of tokens. */
const settings = { privateNetworks: ["10.20.0.0/16", "127.0.0.0/8"] };
const http = createTenantHttp(settings);
let asked = 0;
const server = createServer((_, response) => {
  asked++;
  response.end("{}");
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  http.close();
  server.close();
});

describe("where a tenant's object leads a function in Lambda", () => {
  it.each(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])("to %s: no issuer is asked there, whatever networks are listed", async (host) => {
    const documents = createJsonDocuments({ http, clock: systemClock });
    const answer = await documents.get(`http://${host}:${port}/.well-known/openid-configuration`);
    expect(answer).toMatchObject({ kind: "failed", message: expect.stringContaining("not allowed") });
    expect(asked).toBe(0);
  });

  it("nor is anything connected to that is not HTTP", async () => {
    const answer = await createTenantDial(settings)({ host: "127.0.0.1", port, signal: AbortSignal.timeout(5_000) });
    expect(answer).toMatchObject({ kind: "silent", lasting: true, words: expect.stringContaining("not allowed") });
  });
});
