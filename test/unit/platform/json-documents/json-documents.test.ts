import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import type { HttpAnswer, HttpRequest, HttpSilence } from "@sluice/platform/http/exchange.ts";
import { createJsonDocuments } from "@sluice/platform/json-documents/json-documents.ts";
import { describe, expect, it } from "vitest";

const KEYS = "https://issuer.example.com/keys";
const SILENCE: HttpSilence = { kind: "silent", why: "unreachable", message: 'Get "https://issuer.example.com/keys": connection refused' };
const answering = (text: string, status = 200): HttpAnswer => ({ kind: "answered", status, headers: {}, body: Buffer.from(text), url: KEYS });

function world() {
  const at = { now: 0, answer: answering('{"keys":[1]}') as HttpAnswer | HttpSilence };
  const sent: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpAnswer | HttpSilence> => {
    sent.push(request);
    return at.answer;
  };
  const documents = createJsonDocuments({ http: { send }, clock: { now: (): EpochMs => epochMs(at.now) } });
  return { at, sent, documents };
}

describe("documents over HTTP", () => {
  it("are fetched once by those who ask at the same time, bounded in size, and without credentials", async () => {
    const { sent, documents } = world();
    const [first, second] = await Promise.all([documents.get(KEYS), documents.get(KEYS)]);
    expect([first, second]).toEqual([
      { kind: "found", document: { keys: [1] } },
      { kind: "found", document: { keys: [1] } },
    ]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: "GET", url: KEYS, maxBytes: 256 * 1024, headers: { accept: "application/json" } });
    expect(Object.keys(sent[0] ?? {}).toSorted()).toEqual(["headers", "maxBytes", "method", "signal", "url"]);
  });

  it.each<{ name: string; after: number; fresh: boolean; asked: number }>([
    { name: "kept for ten minutes", after: 599_999, fresh: false, asked: 1 },
    { name: "and no longer", after: 600_000, fresh: false, asked: 2 },
    { name: "fetched again for a key that is missing", after: 60_000, fresh: true, asked: 2 },
    { name: "but not within a minute", after: 59_999, fresh: true, asked: 1 },
    { name: "and when the clock was put back", after: -1, fresh: false, asked: 2 },
  ])("are $name", async ({ after, fresh, asked }) => {
    const { at, sent, documents } = world();
    await documents.get(KEYS);
    at.now += after;
    await documents.get(KEYS, { fresh });
    expect(sent).toHaveLength(asked);
  });

  it.each<{ name: string; answer: HttpAnswer | HttpSilence; message: string }>([
    { name: "silence", answer: SILENCE, message: SILENCE.message },
    { name: "another code", answer: answering("{}", 404), message: `GET ${KEYS}: 404` },
    { name: "no JSON", answer: answering("<html>"), message: `GET ${KEYS}: the answer is no JSON` },
  ])("$name is a failure, and nobody is asked again for ten seconds", async ({ answer, message }) => {
    const { at, sent, documents } = world();
    at.answer = answer;
    expect(await documents.get(KEYS)).toEqual({ kind: "failed", message });
    at.now = 9_999;
    expect(await documents.get(KEYS, { fresh: true })).toEqual({ kind: "failed", message });
    expect(sent).toHaveLength(1);
    at.now = 10_000;
    await documents.get(KEYS);
    expect(sent).toHaveLength(2);
  });

  it("an issuer that is silent when fresh keys are wanted keeps those it had, no longer than it would have, and is left alone for a minute", async () => {
    const { at, sent, documents } = world();
    await documents.get(KEYS);
    at.answer = SILENCE;
    at.now = 60_000;
    expect(await documents.get(KEYS, { fresh: true })).toMatchObject({ kind: "found" });
    await documents.get(KEYS, { fresh: true });
    expect(sent).toHaveLength(2);
    at.now = 600_000;
    expect(await documents.get(KEYS)).toMatchObject({ kind: "failed" });
  });

  it("no more than 500 are kept: the oldest goes", async () => {
    const { sent, documents } = world();
    for (let index = 0; index <= 500; index++) await documents.get(`${KEYS}/${index}`);
    await documents.get(`${KEYS}/500`);
    await documents.get(`${KEYS}/1`);
    expect(sent).toHaveLength(501);
    await documents.get(`${KEYS}/0`);
    expect(sent).toHaveLength(502);
  });

  it("no more than four megabytes are kept: issuers that publish much do not fill the memory", async () => {
    const { at, sent, documents } = world();
    at.answer = answering(JSON.stringify("x".repeat(255 * 1024)));
    for (let index = 0; index < 20; index++) await documents.get(`${KEYS}/${index}`);
    expect(sent).toHaveLength(20);
    await documents.get(`${KEYS}/19`);
    await documents.get(`${KEYS}/5`);
    expect(sent).toHaveLength(20);
    await documents.get(`${KEYS}/3`);
    expect(sent).toHaveLength(21);
  });
});
