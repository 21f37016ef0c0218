import { readFileSync } from "node:fs";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { presignToken } from "@sluice/platform/eks/token.ts";
import { describe, expect, it } from "vitest";

type Case = {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly now: string;
  readonly token: string;
};
/** Written by golden-tokens.py. */
const golden: { readonly cases: readonly Case[] } = JSON.parse(readFileSync(new URL("golden-tokens.json", import.meta.url), "utf8"));
const urlIn = (token: string): string => Buffer.from(token.replace(/^k8s-aws-v1\./, ""), "base64url").toString();

describe("presignToken", () => {
  it.each(golden.cases)("is what botocore makes for $cluster in $region at $now", async ({ cluster, region, credentials, now, token }) => {
    const made = await presignToken({ cluster, region, credentials, now: epochMs(Date.parse(now)) });
    expect(urlIn(made)).toBe(urlIn(token));
    expect(made).toBe(token);
  });

  it("differs for another cluster, identity, session, region or second", async () => {
    const credentials = { accessKeyId: "a", secretAccessKey: "s", sessionToken: "t" };
    const base = { cluster: "prod", region: "eu-west-1", credentials, now: epochMs(0) };
    const others = [
      base,
      { ...base, cluster: "dev" },
      { ...base, credentials: { ...credentials, secretAccessKey: "other" } },
      { ...base, credentials: { ...credentials, sessionToken: "other" } },
      { ...base, region: "eu-west-2" },
      { ...base, now: epochMs(1000) },
    ];
    expect(new Set(await Promise.all(others.map(presignToken))).size).toBe(others.length);
  });
});
