import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createLambdaLog } from "@sluice/platform/lambda/log.ts";
import { errorText } from "@sluice/platform/log/log-line.ts";
import { describe, expect, it } from "vitest";

const clock = { now: () => epochMs(Date.parse("2030-01-01T00:00:00.250Z")) };
const TOKEN = `k8s-aws-v1.${"aHR0cHM6".repeat(10)}`;

function logged(
  write: (log: ReturnType<typeof createLambdaLog>) => void,
  options: { readonly cluster?: string; readonly requestId?: () => string } = {},
): object {
  const lines: string[] = [];
  write(createLambdaLog({ functionName: "apply", clock, write: (line) => lines.push(line), ...options }));
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("\n");
  return JSON.parse(lines[0] ?? "");
}

const COMMON = { ts: "2030-01-01T00:00:00.250Z", function: "apply" };
const NAMED = { controller: "kustomization", controllerGroup: "kustomize.toolkit.fluxcd.io", controllerKind: "Kustomization", namespace: "n", name: "a" };

describe("a line of a function's log", () => {
  it("has the keys of the local mode's, and who wrote it", () => {
    const options = { cluster: "prod", requestId: () => "r-1" };
    expect(logged((log) => log.info("pass succeeded", { object: "prod/Kustomization/n/a", ms: 5 }), options)).toEqual({
      level: "info",
      msg: "pass succeeded",
      ...COMMON,
      ...NAMED,
      ms: 5,
      cluster: "prod",
      requestId: "r-1",
    });
  });
  it("keeps the cluster that a field names, where the log is of none", () => {
    expect(logged((log) => log.error("x", { cluster: "dev" }))).toEqual({ level: "error", msg: "x", ...COMMON, cluster: "dev" });
  });
  it("asks anew for the invocation with each line", () => {
    const ids = ["r-1", "r-2"].values();
    const lines: string[] = [];
    const log = createLambdaLog({ functionName: "apply", clock, write: (line) => lines.push(line), requestId: () => ids.next().value ?? "" });
    log.info("a", {});
    log.info("b", {});
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(["r-1", "r-2"]);
  });
});

describe("what gives access does not get into a log", () => {
  it.each<[string, string, string]>([
    ["a token of EKS", `Unauthorized: ${TOKEN}`, "Unauthorized: [secret]"],
    [
      "a presigned URL",
      "GET https://sts/?X-Amz-Credential=AKIA%2F1&X-Amz-Signature=abc0&X-Amz-Expires=60",
      "GET https://sts/?X-Amz-Credential=[secret]&X-Amz-Signature=[secret]&X-Amz-Expires=60",
    ],
    ["a session token", "x-amz-security-token=IQoJb3JpZ2lu", "x-amz-security-token=[secret]"],
    ["an authorization header", "authorization: Bearer abcdefghijklmnop.q", "authorization: Bearer [secret]"],
    ["a webhook's signature", `expected sha256=${"0f".repeat(32)}`, "expected sha256=[secret]"],
    ["the user of a URL", "fetch https://user:pw@github.com/o/r failed", "fetch https://[secret]@github.com/o/r failed"],
    ["a token of GitHub", "remote: ghs_16C7e42F292c6912E7710c838347Ae178B4a", "remote: [secret]"],
    ["a key of AWS", "AKIAIOSFODNN7EXAMPLE is not there", "[secret] is not there"],
    ["no digest is one", `sha256:${"0f".repeat(32)}`, `sha256:${"0f".repeat(32)}`],
  ])("%s", (_, text, want) => {
    expect(logged((log) => log.error("failed", { error: text }))).toMatchObject({ error: want });
    expect(logged((log) => log.error(text, {}))).toMatchObject({ msg: want });
    expect(logged((log) => log.error("failed", { deep: [{ er: text }] }))).toMatchObject({ deep: [{ er: want }] });
    expect(errorText(new Error(text))).toBe(`Error: ${want}`);
  });
  it("a secret", () => expect(errorText(secret("canary"))).toBe("[secret]"));
  it("the request that an SDK's error holds", () => {
    const error = Object.assign(new Error("AccessDenied"), { $response: { headers: { authorization: "canary-header" } } });
    expect(errorText(error)).toBe("Error: AccessDenied");
  });
  it("takes no time with what is long", () => expect(errorText("://".repeat(5_000_000)).length).toBeLessThan(9000));
  it("long texts are cut, after they were masked", () => {
    const line = logged((log) => log.error("failed", { error: `${"x".repeat(8180)}${TOKEN}${"y".repeat(20_000)}` }));
    expect(JSON.stringify(line)).not.toContain("aHR0cHM6");
    expect(JSON.stringify(line).length).toBeLessThan(8500);
  });
});
