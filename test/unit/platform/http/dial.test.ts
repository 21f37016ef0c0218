import { createServer } from "node:net";
import { createDial } from "@sluice/platform/http/dial.ts";
import { publicAddressesAnd } from "@sluice/platform/http/public-addresses.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const listener = createServer(
  (socket) =>
    void socket
      .on("error", () => undefined)
      .resume()
      .end("hello"),
);
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => new Promise<void>((done) => listener.close(() => done())));
const signal = new AbortController().signal;

describe("a connection for what is not HTTP", () => {
  it("is opened", async () => {
    const dialed = await createDial()({ host: "127.0.0.1", port, signal });
    if (dialed.kind === "silent") throw new Error(dialed.words);
    const [hello] = await dialed.socket.toArray();
    expect(String(hello)).toBe("hello");
  });

  it("fails in Go's words", async () => {
    expect(await createDial()({ host: "127.0.0.1", port: 1, signal })).toEqual({
      kind: "silent",
      why: "unreachable",
      words: "dial tcp 127.0.0.1:1: connect: connection refused",
    });
    expect(await createDial()({ host: "127.0.0.1", port, signal: AbortSignal.abort() })).toEqual({
      kind: "silent",
      why: "timeout",
      words: "context deadline exceeded",
    });
  });

  it.each(["127.0.0.1", "localhost", "::1", "[::1]", "169.254.169.254", "127.1"])("is not opened to %s under Lambda's rules", async (host) => {
    expect(await createDial({ isAllowed: publicAddressesAnd([]) })({ host, port, signal })).toMatchObject({
      kind: "silent",
      lasting: true,
      words: expect.stringMatching(/^connections to (127\.0\.0\.1|::1|169\.254\.169\.254) are not allowed$/),
    });
  });
});
