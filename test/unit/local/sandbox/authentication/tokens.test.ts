import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";
import { createTokenIssuer, ISSUER } from "../../../../../lib/local/sandbox/authentication/tokens.ts";
import { createFixedStore } from "../../../../support/sandbox-objects.ts";

const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: "apps", name: "one", uid: "u1" } };
const pod = { apiVersion: "v1", kind: "Pod", metadata: { namespace: "apps", name: "p", uid: "p1" } };
const start = 1_700_000_000_000;
const grant = { namespace: "apps", name: "one", uid: "u1", audiences: [ISSUER], seconds: 600 };
const issuer = (objects = [account, pod], now = () => epochMs(start)) => createTokenIssuer({ store: createFixedStore(objects), now });

describe("service account tokens", () => {
  it("a token names its service account, uid and groups", () => {
    const tokens = issuer();
    expect(tokens.verify(tokens.issue(grant))).toMatchObject({
      kind: "valid",
      user: {
        name: "system:serviceaccount:apps:one",
        uid: "u1",
        groups: ["system:serviceaccounts", "system:serviceaccounts:apps", "system:authenticated"],
      },
    });
  });

  it("a token ends with its time", () => {
    let now = start;
    const tokens = issuer([account], () => epochMs(now));
    const token = tokens.issue(grant);
    now = start + 599_000;
    expect(tokens.verify(token).kind).toBe("valid");
    now = start + 600_000;
    expect(tokens.verify(token).kind).toBe("invalid");
  });

  it.each([
    { what: "its account was deleted", objects: [] },
    { what: "its account was made anew", objects: [{ ...account, metadata: { ...account.metadata, uid: "u2" } }] },
  ])("a token is refused when $what", ({ objects }) => {
    let there: typeof objects = [account];
    const tokens = createTokenIssuer({ store: { get: (...asked) => createFixedStore(there).get(...asked) }, now: () => epochMs(start) });
    const token = tokens.issue(grant);
    expect(tokens.verify(token).kind).toBe("valid");
    there = objects;
    expect(tokens.verify(token)).toEqual({ kind: "invalid", problem: "invalid bearer token" });
  });

  it("a token bound to a Pod ends with it, and says its name", () => {
    const bound = { ...grant, bound: { kind: "Pod", name: "p", uid: "p1" } } as const;
    const tokens = issuer();
    expect(tokens.verify(tokens.issue(bound))).toMatchObject({ user: { extra: { "authentication.kubernetes.io/pod-name": ["p"] } } });
    const without = issuer([account]);
    expect(without.verify(without.issue(bound)).kind).toBe("invalid");
  });

  it("a token of another signer, a changed one and rubbish are refused", () => {
    const tokens = issuer();
    const [head, body, seal] = tokens.issue(grant).split(".");
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body ?? "", "base64url").toString()), sub: "x" })).toString("base64url");
    expect([issuer().issue(grant), `${head}.${forged}.${seal}`, `${head}.${body}.`, "", "a.b.c", "x"].map((token) => tokens.verify(token).kind)).toEqual(
      Array(6).fill("invalid"),
    );
  });

  it("a token for another audience is refused with the server's words", () => {
    const tokens = issuer();
    expect(tokens.verify(tokens.issue(grant), ["x"])).toEqual({
      kind: "invalid",
      problem: '[invalid bearer token, token audiences ["https://kubernetes.default.svc"] is invalid for the target audiences ["x"]]',
    });
  });
});
