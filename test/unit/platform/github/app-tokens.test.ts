import { generateKeyPairSync } from "node:crypto";
import { secret } from "@sluice/engine/domain/secret.ts";
import { createAppTokens } from "@sluice/platform/github/app-tokens.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { afterEach, describe, expect, it } from "vitest";
import { startWebServer, type WebServer } from "../../../support/git/web-server.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const http = createHttp();
let server: WebServer;
afterEach(() => server.close());

const call = () => ({ http, api: server.url, signal: AbortSignal.timeout(20_000), now: () => 0 });
const app = (installation: { readonly kind: "id"; readonly id: string } | { readonly kind: "owner"; readonly owner: string }) =>
  ({ kind: "github-app", appId: "1", installation, privateKey: secret(privateKey) }) as const;

/** A tenant names the server (githubAppBaseURL): what it answers may not fill our memory. */
describe("an answer that is larger than any of GitHub's ends the request", () => {
  const tooMuch = `[${"{},".repeat(100_000)}{}]`;

  it.each([
    { name: "a token", ask: () => createAppTokens().tokenFor(app({ kind: "id", id: "2" }), call()) },
    { name: "an installation", ask: () => createAppTokens().tokenFor(app({ kind: "owner", owner: "acme" }), call()) },
    { name: "an App", ask: () => createAppTokens().slugOf(app({ kind: "id", id: "2" }), call()) },
  ])("about $name", async ({ ask }) => {
    server = await startWebServer((_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(tooMuch));
    expect(await ask()).toMatchObject({ kind: "failed", why: "too-large" });
  });
});
