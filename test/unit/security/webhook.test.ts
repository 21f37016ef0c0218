import { connect } from "node:net";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { type Delivery, readDelivery } from "@sluice/platform/github/delivery.ts";
import { verifySignature } from "@sluice/platform/github/verify-signature.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGitServer } from "../../../lib/local/git-server/git-server.ts";
import { type LocalServer, startLocalServer } from "../../../lib/local/local-server.ts";
import { createWebhook, signature } from "../../../lib/local/webhook.ts";

const KEY = secret("canary-7f3e");
const sent: WorkItem[] = [];
let server: LocalServer;

beforeAll(async () => {
  const webhook = createWebhook({ send: (item) => Promise.resolve(void sent.push(item)) }, KEY);
  const git = createGitServer({ root: "/nonexistent" });
  server = await startLocalServer([
    git.serve,
    (request, response) => {
      if (request.url === "/webhook") void webhook(request, response);
      return request.url === "/webhook";
    },
  ]);
});
afterAll(() => server.stop());

const PUSH = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: "https://a/b.git" } });

async function deliver(body: string, headers: Record<string, string> = {}): Promise<string> {
  const bytes = Buffer.from(body);
  const all = { "x-github-event": "push", "x-github-delivery": "1", "x-hub-signature-256": signature(bytes, KEY), ...headers };
  const answer = await fetch(`${server.url}/webhook`, { method: "POST", body: bytes, headers: all });
  return `${answer.status} ${(await answer.text()).trim()}`;
}

/** CVE-2024-40634 and CVE-2025-59531 (Argo CD), CVE-2022-24912 (Atlantis), GHSA-mwcp-qpcg-fr7c (Flux). */
describe("deliveries", () => {
  it.each<[string, string, Record<string, string>, string]>([
    ["no signature", PUSH, { "x-hub-signature-256": "" }, "401 not signed"],
    ["another key's", PUSH, { "x-hub-signature-256": signature(Buffer.from(PUSH), secret("other")) }, "401 not signed"],
    ["another body's", PUSH, { "x-hub-signature-256": signature(Buffer.from(`${PUSH} `), KEY) }, "401 not signed"],
    ["an older kind of signature", PUSH, { "x-hub-signature-256": "", "x-hub-signature": "sha1=00" }, "401 not signed"],
    ["another event", PUSH, { "x-github-event": "ping" }, "202 nothing to do"],
    ["no id", PUSH, { "x-github-delivery": "" }, "400 no delivery id"],
    ["no JSON", "{", {}, "400 no push event"],
    ["another form", '{"ref":{},"repository":[]}', {}, "400 no push event"],
    ["names of JavaScript", '{"__proto__":{"ref":"x"},"repository":{"__proto__":{"clone_url":"x"}}}', {}, "400 no push event"],
    ["a hundred thousand levels", "[".repeat(100_000) + "]".repeat(100_000), {}, "400 no push event"],
  ])("with %s do nothing", async (_, body, headers, want) => {
    expect(await deliver(body, headers)).toBe(want);
    expect(sent).toEqual([]);
  });
  it("do something once", async () => {
    expect([await deliver(PUSH, { "x-github-delivery": "once" }), await deliver(PUSH, { "x-github-delivery": "once" })]).toEqual([
      "202 accepted",
      "202 nothing to do",
    ]);
    expect(sent.splice(0)).toHaveLength(1);
  });
});

describe("requests of no form", () => {
  const raw = (text: string, thenLeave = false): Promise<string> =>
    new Promise((done) => {
      const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
        socket.write(text, () => thenLeave && socket.destroy());
      });
      let got = "";
      socket.on("data", (part) => {
        got += part;
        socket.destroy();
      });
      socket.on("error", () => undefined).on("close", () => done(got.split("\r\n")[0] ?? ""));
    });
  const HOST = "Host: 127.0.0.1\r\n";
  it.each([
    ["a path of slashes", `GET // HTTP/1.1\r\n${HOST}\r\n`, "HTTP/1.1 404 Not Found"],
    ["a path that is half a URL", `GET http://[x/ HTTP/1.1\r\n${HOST}\r\n`, "HTTP/1.1 404 Not Found"],
    ["a name that was made to point here", "GET /a.git/info/refs HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 403 Forbidden"],
    ["a body that is too large", `POST /webhook HTTP/1.1\r\n${HOST}content-length: 99999999999\r\n\r\nabc`, "HTTP/1.1 413 Payload Too Large"],
  ])("%s", async (_, text, want) => expect(await raw(text)).toBe(want));
  it("half a body, and the process goes on", async () => {
    await raw(`POST /webhook HTTP/1.1\r\n${HOST}content-length: 100\r\n\r\nabc`, true);
    expect(await deliver(PUSH, { "x-github-event": "ping" })).toBe("202 nothing to do");
  });
});

/** Numbers from 0 to 1, the same in every run. */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("ten thousand deliveries of no form", () => {
  const chance = createChance(7);
  const oneOf = <Value>(values: readonly [Value, ...Value[]]): Value => values[Math.floor(chance() * values.length)] ?? values[0];
  const HOSTILE: readonly [unknown, ...unknown[]] = [
    null,
    true,
    0,
    -1,
    1e308,
    "",
    "refs/heads/main",
    "refs/heads/\u0000",
    "refs/../..",
    "https://a/b.git",
    "https://169.254.169.254/latest",
    "https://canary:canary@a/b",
    "file:///etc/passwd",
    "(a+)+$",
    ".*",
    "\u{2028}",
    "\ud800",
    "x".repeat(5000),
    [],
    {},
    ["https://a/b.git"],
    { clone_url: "https://a/b.git" },
    { __proto__: null, constructor: { prototype: {} } },
  ];
  const event = (): unknown => ({ ref: oneOf(HOSTILE), repository: oneOf([...HOSTILE, { clone_url: oneOf(HOSTILE) }, { clone_url: oneOf(HOSTILE) }]) });
  const textOf = (): string => {
    const text = JSON.stringify(oneOf([event(), event(), event(), oneOf(HOSTILE)]));
    return oneOf([text, text, text, text.slice(0, Math.floor(chance() * text.length)), text.replaceAll('"', "'"), `${text}${text}`, `\u{FEFF}${text}`]);
  };
  const bodyOf = (): Buffer => {
    const body = Buffer.from(textOf());
    if (chance() < 0.1 && body.length > 0) body[Math.floor(chance() * body.length)] = 0xff;
    return body;
  };
  const headersOf = (body: Buffer, isSigned: boolean): Record<string, string | undefined> => {
    const good = signature(body, KEY);
    const forged = [
      undefined,
      "",
      "sha256=",
      good.slice(0, -1),
      good.toUpperCase(),
      `${good},${good}`,
      `${good} `,
      signature(body, secret("other")),
      "\0",
    ] as const;
    return {
      "x-hub-signature-256": isSigned ? good : oneOf(forged),
      "x-github-event": oneOf(["push", "push", "push", "ping", "__proto__", "", undefined]),
      "x-github-delivery": oneOf(["d-1", "d-1", "d-1", "", "a\nb", "x".repeat(500), undefined]),
    };
  };
  const read = (body: Buffer, headers: Record<string, string | undefined>): Promise<Delivery> =>
    readDelivery({ body, headers, keys: async () => [KEY, secret("before")], verify: verifySignature });

  it("none passes without a signature", async () => {
    const kinds = new Set<string>();
    for (let count = 0; count < 5000; count++) {
      const body = bodyOf();
      kinds.add((await read(body, headersOf(body, false))).kind);
    }
    expect([...kinds]).toEqual(["unsigned"]);
  });

  it("signed ones end in a value, and what comes of them is a URL of HTTP without a user and the full name of a ref", async () => {
    const kinds = new Set<string>();
    for (let count = 0; count < 5000; count++) {
      const body = bodyOf();
      const delivery = await read(body, headersOf(body, true));
      kinds.add(delivery.kind);
      if (delivery.kind !== "push") continue;
      expect(delivery.repository).toMatch(/^https?:\/\/[^\s@]{1,2040}$/);
      expect(delivery.ref).toMatch(/^refs\/[^\s\0]{1,1024}$/);
      expect(delivery.delivery).toBe("d-1");
    }
    expect([...kinds].toSorted()).toEqual(["ignored", "malformed", "no-delivery-id", "ping", "push", "unsigned"]);
    expect(Object.prototype).not.toHaveProperty("clone_url");
  });
});
