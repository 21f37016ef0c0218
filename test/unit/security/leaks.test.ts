// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { bytesOf } from "@sluice/engine/build/substitute/bytes.ts";
import { substituteText } from "@sluice/engine/build/substitute/substitute.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import { driftOf } from "@sluice/engine/plan/compare.ts";
import { refusalText } from "@sluice/engine/reconcile/kustomization/refusal-text.ts";
import { createSmartRemotes, withoutWords } from "@sluice/platform/git/smart-remotes.ts";
import { gitHubWords } from "@sluice/platform/github/github-api.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { shownBody } from "@sluice/platform/kubernetes/status.ts";
import { afterEach, describe, expect, it } from "vitest";
import { terminalText } from "../../../lib/terminal-text.ts";
import { builtText } from "./trees.ts";

const CANARY = "canary-7f3e";
const CODED = Buffer.from(CANARY).toString("base64");
const secretFile = (more: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: a${more}}\nstringData: {p: ${CANARY}}\ndata: {q: ${CODED}}\n`;

/** CVE-2026-42880, CVE-2026-43824 and CVE-2025-23216 (Argo CD). Found here: kustomize prints whole objects, nodes and literals. */
describe("a build that fails shows no value of a Secret", () => {
  it.each<[string, Record<string, string>]>([
    [
      "two objects of one name",
      { "kustomization.yaml": "namespace: x\nresources: [a.yaml]\n", "a.yaml": `${secretFile(", namespace: a")}---\n${secretFile(", namespace: b")}` },
    ],
    [
      "a replacement out of a value",
      {
        "kustomization.yaml":
          "resources: [a.yaml]\nreplacements: [{source: {kind: Secret, fieldPath: stringData.p.q}, targets: [{select: {kind: Secret}, fieldPaths: [data.x]}]}]\n",
        "a.yaml": secretFile(""),
      },
    ],
    ["a literal without a key", { "kustomization.yaml": `secretGenerator: [{name: a, literals: [${CANARY}]}]\n` }],
    [
      "an alias that is a value",
      { "kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {p: *${CANARY}}\n` },
    ],
  ])("%s", async (_, files) => {
    const text = await builtText(files);
    expect(text).toMatch(/^kustomize build failed: /);
    expect(text).not.toMatch(new RegExp(`${CANARY}|${CODED}`));
  });
  it.each([
    `*${CANARY}`,
    `!!int ${CANARY}`,
    `{[${CANARY}]: 1}`,
    `"\\q${CANARY}"`,
    `[${CANARY}`,
    `{a: 1, a: ${CANARY}`,
  ])("a substituted value that is no YAML: %s", (value) => {
    const made = substituteText("a: ${x}\n", { variables: new Map([["x", bytesOf(value)]]), strict: true });
    expect(made.ok).toBe(false);
    expect(JSON.stringify(made)).not.toContain(CANARY);
  });
});

describe("what the server says of a Secret", () => {
  const object = (data: Manifest[string]): Manifest => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "b" }, data });
  const said = (data: Manifest[string], message: string): string =>
    refusalText(object(data), { kind: "refused", why: "invalid", code: 422, reason: "Invalid", message }, "dry-run");
  it.each<[string, Manifest[string], string]>([
    ["a text", { p: CANARY }, `invalid value "${CANARY}"`],
    ["decoded", { p: CODED }, `illegal: ${CANARY}`],
    ["a number", { p: 48_219_377 }, "expected string, got &value.valueUnstructured{Value:48219377}"],
    ["a number as Go writes it", { p: 48_219_377 }, "expected string, got 4.8219377e+07"],
    ["a map", { p: { q: CANARY } }, `got &value.valueUnstructured{Value:map[string]interface {}{"q":"${CANARY}"}}`],
    ["a part of a map that nobody knows", {}, `.data.p: expected string, got &value.valueUnstructured{Value:${CANARY}}`],
  ])("%s", (_, data, message) => expect(said(data, message)).not.toMatch(new RegExp(`${CANARY}|${CODED}|48219377|8219377e`)));
  it("its drift has no values", () =>
    expect(JSON.stringify(driftOf(object({ p: CANARY }), object({ p: CODED })))).not.toMatch(new RegExp(`${CANARY}|${CODED}`)));
  it.each([`{"kind":"Secret","data":{"p":"${CODED}"}}`, `  [{"data":"${CANARY}"}]`])("an answer that nobody expected: %s", (body) =>
    expect(shownBody(body)).toMatch(/^\d+ bytes of JSON$/));
});

/** CVE-2026-41506 (go-git), CVE-2024-31216 (Flux), CVE-2021-32690 (Helm), CVE-2022-29810 (go-getter). */
describe("keys of remotes", () => {
  const servers: { close(): void }[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  async function serve(answer: { readonly status: number; readonly location?: string; readonly body?: string }): Promise<string> {
    const server = createServer((_, response) =>
      response.writeHead(answer.status, answer.location === undefined ? {} : { location: answer.location }).end(answer.body),
    ).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    servers.push({ close: () => server.close() });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const ask = async (url: string): Promise<string> => {
    const http = createHttp();
    const remote = createSmartRemotes({ http }).open({ url, timeout: seconds(5), credentials: { kind: "basic", username: "ada", password: secret(CANARY) } });
    const answer = await remote.tags();
    http.close();
    return JSON.stringify(answer);
  };

  it.each([
    ["the query of a redirect to nobody", `http://127.0.0.1:1/x?token=${CANARY}`, /127\.0\.0\.1:1\/x\\"/],
    ["the user of a redirect to nobody", `http://ada:${CANARY}@127.0.0.1:1/x`, /127\.0\.0\.1:1\/x\\"/],
    ["a redirect that is no URL", `http://[${CANARY}`, /failed to parse Location header/],
  ])("%s", async (_, location, want) => {
    const text = await ask(await serve({ status: 302, location }));
    expect(text).toMatch(want);
    expect(text).not.toContain(CANARY);
  });
  it("a password that is sent back where words are cut", async () => {
    const text = await ask(await serve({ status: 500, body: `${"x".repeat(995)}${CANARY}` }));
    expect(text).toMatch(/x\*\*\*/);
    expect(text).not.toContain("canar");
  });
  it.each([
    ["as it is", "pa ss/w?rd"],
    ["escaped", encodeURIComponent("pa ss/w?rd")],
  ])("a secret %s", (_, echoed) => expect(withoutWords(["pa ss/w?rd"], `no: ${echoed}`)).toBe("no: ***"));
  it("a token that GitHub, or who calls itself so, sends back", () => {
    const body = Buffer.from(JSON.stringify({ message: `who is ${CANARY}?` }));
    const words = gitHubWords({ kind: "answered", status: 404, headers: {}, body, url: "" }, { authorization: `Bearer ${CANARY}` });
    expect(words).toBe("who is ***?");
  });
});

/** CVE-2021-25743 (kubectl): a terminal obeyed what a cluster's objects said. */
describe("text from strangers on a terminal", () => {
  it.each([
    ["\x1b[2Jgone", "^[[2Jgone"],
    ["over\rwritten", "over\\rwritten"],
    ["title\x1b]0;x\x07", "title^[]0;x\\x07"],
    ["\x9b31m", "\\x9b31m"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["\0\b\x7f", "\\x00\\x08\\x7f"],
    ["✔ a\tb\nc ü 漢", "✔ a\tb\nc ü 漢"],
  ])("%j", (text, want) => expect(terminalText(text)).toBe(want));
});
