import { createServer } from "node:https";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { afterEach, expect, it } from "vitest";
import { createCertificateAuthority } from "../../../../lib/local/sandbox/pki/pki.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

it("answers requests however many watches are open", async () => {
  const authority = createCertificateAuthority({ commonName: "test", now: new Date() });
  const { certificate, key } = authority.issue({ commonName: "server", use: "server", hosts: ["127.0.0.1"] });
  const server = createServer({ cert: certificate, key }, (request, response) => {
    response.writeHead(200);
    if (request.url?.includes("watch")) response.flushHeaders();
    else response.end("answered");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const http = createHttp({
    server: `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    certificateAuthority: authority.certificate,
  });
  const stopping = new AbortController();
  closing.push(
    () => stopping.abort(),
    () => http.close(),
    () => server.close(),
    () => server.closeAllConnections(),
  );

  const watches = await Promise.all(Array.from({ length: 40 }, () => http.open({ method: "GET", path: "/api/v1/pods?watch=true" }, stopping.signal)));
  for (const watch of watches) watch.on("error", () => undefined); // ended by the test
  expect(await http.send({ method: "GET", path: "/api/v1/pods" })).toMatchObject({ code: 200, body: "answered" });
});
