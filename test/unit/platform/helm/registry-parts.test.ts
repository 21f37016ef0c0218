import { secret } from "@sluice/engine/domain/secret.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import type { AwsRequest } from "@sluice/platform/aws/exchange.ts";
import { parseChallenge } from "@sluice/platform/helm/challenge.ts";
import { createChartRepositories } from "@sluice/platform/helm/chart-repositories.ts";
import { ecrPlace, fetchEcrUser } from "@sluice/platform/helm/ecr-user.ts";
import { parseReference } from "@sluice/platform/helm/reference.ts";
import { registryError } from "@sluice/platform/helm/registry-error.ts";
import type { Http, HttpRequest } from "@sluice/platform/http/exchange.ts";
import { describe, expect, it } from "vitest";

describe("what a registry wants to know", () => {
  it.each([
    [undefined, "nothing"],
    ["Negotiate", "nothing"],
    ['Basic realm="a"', "basic realm=a"],
    ['Bearer realm="https://a/token",service="a, b",scope="x y"', "bearer realm=https://a/token service=a, b scope=x y"],
    ['bearer REALM=https://a , service="say \\"hi\\""', 'bearer realm=https://a service=say "hi"'],
    ['Bearer realm="unended', "bearer "],
  ])("%s", (header, want) => {
    const found = parseChallenge(header);
    const parameters = [...(found?.parameters ?? [])].map(([name, value]) => `${name}=${value}`);
    expect(found === undefined ? "nothing" : `${found.scheme} ${parameters.join(" ")}`).toBe(want);
  });

  it("is found in a long header, too", () => {
    expect(parseChallenge(`Bearer ${'a="'.repeat(50_000)}`)?.scheme).toBe("bearer");
  });
});

describe("a registry that leads elsewhere", () => {
  type Given = { readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly body?: unknown };
  /** Answers by the beginning of the URL; keeps who was asked, and with what. */
  function registry(answers: { readonly [url: string]: (asked: readonly string[]) => Given }) {
    const asked: string[] = [];
    const http: Http = {
      close: () => undefined,
      send: async ({ url, authorization }) => {
        const found = Object.entries(answers).find(([start]) => url.startsWith(start))?.[1](asked) ?? { status: 500 };
        asked.push(`${url} ${authorization?.split(" ")[0] ?? "nobody"}`);
        return { kind: "answered", status: found.status, headers: found.headers ?? {}, body: Buffer.from(JSON.stringify(found.body ?? {})), url };
      },
    };
    return { asked, repositories: createChartRepositories({ http }) };
  }
  const target = (insecure: boolean) => ({
    url: "oci://registry.example.com/charts",
    credentials: { kind: "basic" as const, username: "ada", password: secret("pw") },
    passCredentials: false,
    insecure,
    timeout: seconds(10),
  });

  it.each([
    [false, "http://token.example.com", "nobody"],
    [false, "https://token.example.com", "Basic"],
    [true, "http://token.example.com", "Basic"],
  ])("for a token, with insecure %s to %s, hears of %s", async (insecure, realm, who) => {
    const origin = `${insecure ? "http" : "https"}://registry.example.com`;
    const { asked, repositories } = registry({
      [realm]: () => ({ status: 200, body: { access_token: "t" } }),
      [origin]: (before) => ({ status: before.length === 0 ? 401 : 404, headers: { "www-authenticate": `Bearer realm="${realm}/t?a=b"` } }),
    });
    await repositories.pull(target(insecure), "oci://registry.example.com/charts/shop:1.0.0");
    expect(asked).toEqual([
      `${origin}/v2/charts/shop/manifests/1.0.0 nobody`,
      `${realm}/t?a=b&scope=repository%3Acharts%2Fshop%3Apull ${who}`,
      `${origin}/v2/charts/shop/manifests/1.0.0 Bearer`,
    ]);
  });

  it.each(["file:///etc/passwd", "", "javascript:1"])("for a token to %j is not followed", async (realm) => {
    const { asked, repositories } = registry({ "https://": () => ({ status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } }) });
    const answer = await repositories.pull(target(false), "oci://registry.example.com/charts/shop:1.0.0");
    expect(answer).toMatchObject({ message: expect.stringContaining(`invalid token realm ${JSON.stringify(realm)}`) });
    expect(asked.length).toBe(1);
  });

  it("with another manifest than it says is not believed", async () => {
    const { repositories } = registry({
      "https://": () => ({ status: 200, headers: { "docker-content-digest": `sha256:${"0".repeat(64)}` }, body: { layers: [] } }),
    });
    const answer = await repositories.pull(target(false), "oci://registry.example.com/charts/shop:1.0.0");
    expect(answer).toMatchObject({ message: expect.stringContaining(`mismatched digest: sha256:${"0".repeat(64)}`) });
  });

  it("with a manifest in its list that is another is not believed", async () => {
    const digest = `sha256:${"1".repeat(64)}`;
    const { repositories } = registry({
      "https://registry.example.com/v2/charts/shop/manifests/sha256": () => ({ status: 200, body: { layers: [] } }),
      "https://": () => ({ status: 200, body: { manifests: [{ mediaType: "a", digest, size: 1 }] } }),
    });
    const answer = await repositories.pull(target(false), "oci://registry.example.com/charts/shop:1.0.0");
    expect(answer).toMatchObject({ message: expect.stringContaining(`mismatched digest: ${digest}`) });
  });

  it("for more tags is asked itself, and not for ever", async () => {
    const list = "https://registry.example.com/v2/charts/shop/tags/list";
    const { asked, repositories } = registry({
      [list]: (before) => ({
        status: 200,
        body: { tags: [`1.0.${before.length}`, 7, "a_b"] },
        headers:
          before.length === 0
            ? { link: '<https://evil.example.com/v2/charts/shop/tags/list?last=x>; rel="next"' }
            : { link: '<https://evil.example.com/other>; rel="next"' },
      }),
    });
    expect(await repositories.tags(target(false), "oci://registry.example.com/charts/shop")).toEqual({
      kind: "listed",
      tags: ["1.0.0", "a+b", "1.0.1", "a+b"],
    });
    expect(asked).toEqual([`${list} nobody`, `${list}?last=x nobody`]);
    const endless = registry({ [list]: () => ({ status: 200, body: { tags: [] }, headers: { link: "</v2/charts/shop/tags/list?last=x>; rel=next" } }) });
    expect(await endless.repositories.tags(target(false), "oci://registry.example.com/charts/shop")).toEqual({
      kind: "failed",
      message: "more than 200 pages of tags",
    });
  });
});

describe("names of charts", () => {
  it.each([
    ["oci://host/charts/shop:1.0.0+b", "host charts/shop 1.0.0_b"],
    ["oci://127.0.0.1:5000/shop", "127.0.0.1:5000 shop -"],
    ["oci://[::1]:5000/shop:1", "[::1]:5000 shop 1"],
    ["oci://docker.io/library/shop:1", "registry-1.docker.io library/shop 1"],
    ["oci://host/shop:", 'invalid reference: invalid tag ""'],
    ["oci://host/sh op:1", 'invalid reference: invalid repository "sh op"'],
    ["oci://host:x/shop:1", 'invalid reference: invalid registry "host:x"'],
  ])("%s", (text, want) => {
    const found = parseReference(text);
    expect(found.ok ? `${found.value.host} ${found.value.repository} ${found.value.tag ?? "-"}` : found.problem).toBe(want);
  });
});

it.each([
  ["https://a/x.tgz", false, { ca: "ca", certificate: "c", key: "[secret]" }],
  ["https://a:443/x.tgz", false, { ca: "ca" }],
  ["https://b/x.tgz", false, { ca: "ca" }],
  ["https://b/x.tgz", true, { ca: "ca", certificate: "c", key: "[secret]" }],
])("a chart at %s (passCredentials: %s) is asked for with the certificates %j", async (url, passCredentials, want) => {
  const seen: unknown[] = [];
  const http: Http = {
    close: () => undefined,
    send: async ({ tls }) => {
      seen.push(tls);
      return { kind: "silent", why: "unreachable", message: "nobody" };
    },
  };
  const target = { url: "https://a/charts", tls: { ca: "ca", certificate: "c", key: secret("k") }, passCredentials, insecure: false, timeout: seconds(1) };
  expect(await createChartRepositories({ http }).chart(target, url)).toEqual({ kind: "failed", message: "nobody" });
  expect(JSON.parse(JSON.stringify(seen))).toEqual([want]);
});

it.each([
  ['{"errors":[{"code":"NAME_UNKNOWN","message":"no such"},{"code":"DENIED"}]}', "name unknown: no such; denied"],
  ["<html>", "Not Found"],
  ['{"errors":"x"}', "Not Found"],
])("a refusal with the body %s", (body, want) => {
  const answer = { kind: "answered" as const, status: 404, headers: {}, body: Buffer.from(body), url: "https://a/v2/x" };
  expect(registryError(answer)).toBe(`GET "https://a/v2/x": response status code 404: ${want}`);
});

describe("registries of AWS", () => {
  it.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", "ecr eu-west-1 https://api.ecr.eu-west-1.amazonaws.com"],
    ["123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", "ecr us-east-1 https://ecr-fips.us-east-1.amazonaws.com"],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr cn-north-1 https://api.ecr.cn-north-1.amazonaws.com.cn"],
    ["public.ecr.aws", "ecr-public us-east-1 https://api.ecr-public.us-east-1.amazonaws.com"],
    ["ghcr.io", "none"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example.com", "none"],
    ["evil.example.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com", "none"],
  ])("%s", (host, want) => {
    const place = ecrPlace(host);
    expect(place === undefined ? "none" : `${place.service} ${place.region} ${place.endpoint}`).toBe(want);
  });

  it("are pulled from with that password", async () => {
    const url = "oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts";
    const asked: string[] = [];
    const send = async ({ url: at, authorization }: HttpRequest) => {
      asked.push(`${at} ${authorization ?? "nobody"}`);
      const known = authorization === `Basic ${Buffer.from("AWS:pa55word").toString("base64")}`;
      return {
        kind: "answered" as const,
        status: known ? 404 : 401,
        headers: { "www-authenticate": 'Basic realm="https://a",service="ecr.amazonaws.com"' },
        body: new Uint8Array(),
        url: at,
      };
    };
    const answer = async () => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify({ authorizationData: [{ authorizationToken: token }] })) });
    const places: string[] = [];
    const repositories = createChartRepositories({
      http: { send, close: () => undefined },
      ecr: ({ service, region, endpoint }) => {
        places.push(`${service} ${region} ${endpoint}`);
        return { send: answer, credentials: () => Promise.reject(new Error("unused")), clockOffset: () => 0, close: () => undefined };
      },
    });
    const target = { url, credentials: { kind: "aws" as const }, passCredentials: false, insecure: false, timeout: seconds(10) };
    expect(await repositories.pull(target, `${url}/shop:1.0.0`)).toEqual({
      kind: "failed",
      message: 'failed to perform "FetchReference" on source: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts/shop:1.0.0: not found',
    });
    expect(places).toEqual(["ecr eu-west-1 https://api.ecr.eu-west-1.amazonaws.com"]);
    expect(asked.map((line) => line.split(" ").slice(1).join(" "))).toEqual(["nobody", `Basic ${Buffer.from("AWS:pa55word").toString("base64")}`]);
    const refused = createChartRepositories({
      http: { send, close: () => undefined },
      ecr: () => ({
        send: () => Promise.reject(new Error("AccessDenied")),
        credentials: () => Promise.reject(new Error("")),
        clockOffset: () => 0,
        close: () => undefined,
      }),
    });
    expect(await refused.tags(target, `${url}/shop`)).toEqual({ kind: "failed", message: "failed to get credential from 'aws': AccessDenied" });
  });

  const token = Buffer.from("AWS:pa55word").toString("base64");
  it.each([
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", { authorizationData: [{ authorizationToken: token }] }, "AmazonEC2ContainerRegistry_V20150921"],
    ["public.ecr.aws", { authorizationData: { authorizationToken: token } }, "SpencerFrontendService"],
  ])("%s tells who we are", async (host, answer, service) => {
    const place = ecrPlace(host);
    if (place === undefined) throw new Error("not found");
    const sent: AwsRequest[] = [];
    const send = async (request: AwsRequest) => {
      sent.push(request);
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(answer)) };
    };
    const requests = { send, credentials: () => Promise.reject(new Error("unused")), clockOffset: () => 0, close: () => undefined };
    const user = await fetchEcrUser(requests, place, new AbortController().signal);
    expect(user.ok && `${user.value.username} ${user.value.password.reveal()}`).toBe("AWS pa55word");
    expect(JSON.stringify(user)).not.toContain("pa55word");
    expect(sent[0]?.headers?.["x-amz-target"]).toBe(`${service}.GetAuthorizationToken`);
    expect(
      await fetchEcrUser({ ...requests, send: async () => ({ status: 200, headers: {}, body: Buffer.from("{}") }) }, place, new AbortController().signal),
    ).toEqual({
      ok: false,
      problem: "no authorization token in the answer",
    });
  });
});
