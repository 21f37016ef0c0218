import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryCli } from "../../../support/cli/memory-cli.ts";
import { splitWords } from "../../../support/cli/words.ts";

const run = (line: string) => createMemoryCli({ objects: [] }).run(["create", "secret", "receiver", ...splitWords(line)]);
const hook = (text: string): string => `https://h.example.com/hook/${createHash("sha256").update(text).digest("hex")}`;
const TYPES = "generic, generic-hmac, github, gitlab, bitbucket, harbor, dockerhub, quay, gcr, nexus, acr, cdevents";

/** What flux 2.9.5 says to the same words; `npm run test:cli:real` runs both. */
describe("create secret receiver", () => {
  it("writes the Secret with token, and the address to register", async () => {
    const { out, code } = await run("web -n apps --type github --hostname h.example.com --token t --label team=a,tier=b --export");
    expect([code, out]).toEqual([
      0,
      `---
apiVersion: v1
kind: Secret
metadata:
  annotations:
    notification.toolkit.fluxcd.io/webhook: ${hook("twebapps")}
  labels:
    team: a
    tier: b
  name: web
  namespace: apps
stringData:
  token: t

`,
    ]);
  });

  it("gives gcr an e-mail address, and the address itself as audience", async () => {
    const { out } = await run("web --type gcr --hostname h.example.com --token t --email-claim me@example.com --export");
    expect(out).toContain(`stringData:\n  audience: ${hook("twebflux-system")}\n  email: me@example.com\n  token: t\n`);
  });

  it("makes a new token each time", async () => {
    const made = await Promise.all([1, 2].map(() => run("web --type generic --hostname h --export")));
    const tokens = made.map(({ out }) => /token: ([0-9a-f]{64})/.exec(out)?.[1]);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens).not.toContain(undefined);
  });

  it("puts it into the cluster, and takes --token for the Receiver's and not for its own key", async () => {
    const cli = createMemoryCli({ objects: [] });
    const { err, code } = await cli.run(splitWords("create secret receiver web --type generic --hostname h --token t"));
    expect([code, err]).toEqual([0, "► receiver secret 'web' created in 'flux-system' namespace\n"]);
    const found = await cli.memory.cluster.get({ apiVersion: "v1", kind: "Secret", namespace: "flux-system", name: "web" });
    expect(found).toMatchObject({ kind: "found", object: { type: "Opaque", data: { token: "dA==" } } });
  });

  it.each([
    ["", "name is required"],
    ["web", "--type is required"],
    ["web --type github", "--hostname is required"],
    ["web --type gcr --hostname h", "--email-claim is required for gcr receiver type"],
    ["web --type nope", `invalid argument "nope" for "--type" flag: receiver type 'nope' is not supported, must be one of: ${TYPES}`],
    [
      "a_b --type generic --hostname h",
      "name 'a_b' is invalid, it should adhere to standard defined in RFC 1123, the name can only contain alphanumeric characters or '-'",
    ],
    ["web --type generic --hostname h --label a", "invalid label format 'a', must be key=value"],
    ["web --type generic --hostname h --label a=b=c", "invalid label format 'a=b=c', must be key=value"],
    ["web --type generic --hostname h --label /a=b", "invalid label '/a': [prefix part must be non-empty]"],
  ])("%s", async (line, message) => expect(await run(line)).toMatchObject({ code: 1, err: `✗ ${message}\n` }));
});
