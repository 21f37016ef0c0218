import { secret } from "@sluice/engine/domain/secret.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubApi } from "../../../../../lib/cli/bootstrap/open-remotes.ts";
import { awsRegionOf } from "../../../../../lib/kubeconfig/aws-region.ts";
import { createWorld, INSTALLATION } from "../../../../support/bootstrap/world.ts";
import { createMemoryCli } from "../../../../support/cli/memory-cli.ts";
import { type GitHubServer, startGitHubServer } from "../../../../support/github/github-server.ts";

const GITHUB = ["bootstrap", "github", "--owner", "acme", "--repository", "fleet"];
const GIT = ["bootstrap", "git", "--url", "https://git.example.com/acme/fleet.git"];
const cli = createMemoryCli({ objects: [], environment: { gitHubToken: secret("token-canary"), gitPassword: secret("password-canary") } });

describe("what is wrong with a command line, in flux's words where it has them", () => {
  it.each<[readonly string[], string]>([
    [["bootstrap", "github", "--repository", "fleet"], 'required flag(s) "owner" not set'],
    [["bootstrap", "github", "--owner", "acme"], 'required flag(s) "repository" not set'],
    [["bootstrap", "github", "--owner", "a/b", "--repository", "x"], 'invalid argument "a/b" for "--owner" flag: not a name of GitHub'],
    [["bootstrap", "github", "--owner", "a", "--repository", ".."], 'invalid argument ".." for "--repository" flag: not a name of GitHub'],
    [[...GITHUB, "--hostname", "evil.com/x"], 'invalid argument "evil.com/x" for "--hostname" flag: expected a host such as github.com'],
    [[...GITHUB, "--path", "../x"], `invalid argument "../x" for "--path" flag: invalid relative path '../x': it leads out of the repository`],
    [[...GITHUB, "--path", "a/.git/x"], `invalid argument "a/.git/x" for "--path" flag: invalid relative path 'a/.git/x'`],
    [[...GITHUB, "--branch", "a..b"], 'invalid argument "a..b" for "--branch" flag: not a name of a branch'],
    [[...GITHUB, "--branch", ""], 'invalid argument "" for "--branch" flag: not a name of a branch'],
    [[...GITHUB, "--branch", "x y"], 'invalid argument "x y" for "--branch" flag: not a name of a branch'],
    [[...GITHUB, "--interval", "soon"], 'invalid argument "soon" for "--interval" flag: time: invalid duration "soon"'],
    [[...GITHUB, "--interval", "0"], 'invalid argument "0" for "--interval" flag: time: invalid duration "0"'],
    [[...GITHUB, "--version", "new"], '"new" is no version: expected one such as v2.9.5'],
    [
      [...GITHUB, "--visibility", "secret"],
      `invalid argument "secret" for "--visibility" flag: visibility 'secret' is not supported, must be one of: private, public, internal`,
    ],
    [[...GITHUB, "--visibility", "public", "--private"], "--private=true and --visibility=public contradict each other"],
    [[...GITHUB, "--private=maybe"], 'invalid argument "maybe" for "--private" flag: strconv.ParseBool: parsing "maybe": invalid syntax'],
    [[...GITHUB, "--cluster", "a/b"], 'invalid argument "a/b" for "--cluster" flag: not a name of a cluster'],
    [[...GITHUB, "--cluster", "prod"], "the AWS region is not known: neither --region, the kubeconfig nor AWS_REGION names one"],
    [[...GITHUB, "--cluster", "prod", "--region", "here"], 'invalid argument "here" for "--region" flag: not a region of AWS'],
    [
      [...GITHUB, "--read-write-key"],
      "--read-write-key is not supported: deploy keys are for ssh, which is not implemented; the token has the rights that it was given",
    ],
    [[...GITHUB, "--token-auth=false"], "--token-auth=false is not supported: ssh is not implemented"],
    [[...GITHUB, "--team", "a"], "--team is not supported: rights of teams are not set: give them at GitHub"],
    [[...GITHUB, "--watch-all-namespaces=false"], "--watch-all-namespaces is not supported: Sluice looks after all namespaces"],
    [[...GITHUB, "--ca-file", "/nowhere/ca.pem"], "unable to read TLS CA file: open /nowhere/ca.pem: no such file or directory"],
    [[...GITHUB, "--url", "x"], "unknown flag: --url"],
    [["bootstrap", "git"], 'required flag(s) "url" not set'],
    [["bootstrap", "git", "--url", "nonsense"], 'parse "nonsense": not a URL'],
    [["bootstrap", "git", "--url", "ftp://x/y"], 'scheme "ftp" is not supported'],
    [["bootstrap", "git", "--url", "http://x/y"], "scheme http is insecure, pass --allow-insecure-http=true to allow it"],
    [["bootstrap", "git", "--url", "ssh://git@x/y"], "ssh is not implemented: use the repository's https URL, with --username and GIT_PASSWORD"],
    [["bootstrap", "git", "--url", "git@github.com:a/b"], "ssh is not implemented: use the repository's https URL, with --username and GIT_PASSWORD"],
    [["bootstrap", "gitlab"], 'unknown command "gitlab" for "sluice bootstrap"'],
    [["install", "--cluster", "prod"], "the AWS region is not known: neither --region, the kubeconfig nor AWS_REGION names one"],
  ])("%j", async (words, want) => expect(await cli.run(words)).toEqual({ out: expect.any(String), err: expect.stringContaining(`✗ ${want}\n`), code: 1 }));

  it.each([
    [GITHUB, "GITHUB_TOKEN is not set"],
    [GIT, "GIT_PASSWORD is not set, and neither is --password"],
  ])("%j without a token", async (words, want) => {
    expect(await createMemoryCli({ objects: [] }).run(words)).toEqual({ out: "", err: `✗ could not read token: ${want}\n`, code: 1 });
  });

  it("http is taken from whoever asks for it, in both forms of the flag", async () => {
    for (const flag of ["--allow-insecure-http", "--allow-insecure-http=true"]) {
      const { out, code } = await cli.run(["bootstrap", "git", "--url", "http://git.example.com/x.git", flag, "--export"]);
      expect(out).toContain("  url: http://git.example.com/x.git\n");
      expect(code).toBe(0);
    }
  });

  it.each(["--components", "--registry", "--log-level", "--cluster-domain"])("%s is taken, since there are no controllers to mean", async (flag) => {
    expect((await cli.run([...GITHUB, flag, "x", "--network-policy=false", "--export"])).code).toBe(0);
  });
});

describe("sluice bootstrap git", () => {
  let server: GitHubServer;
  beforeAll(async () => {
    server = await startGitHubServer();
    await server.create("acme/plain");
    await server.create("acme/url");
  });
  afterAll(() => server.close());
  const url = "https://git.example.com/acme/plain.git";

  it("does the same at any server, and says how the webhook is added", async () => {
    const world = createWorld(server);
    const said = await world.run(["bootstrap", "git", "--url", url, "--path", "clusters/prod", "--cluster", "prod"]);
    expect(said.code).toBe(0);
    expect(said.err.startsWith(`► cloning branch "main" from Git repository "${url}"\n`)).toBe(true);
    expect(said.err).toContain(`⚠️ no webhook was registered: add one with URL ${INSTALLATION.webhookUrl}, content type application/json, push events`);
    expect(await server.git("acme/plain", "show", "main:clusters/prod/flux-system/gotk-sync.yaml")).toContain(`  url: ${url}\n`);
    expect(server.requests).toEqual([]);
  });

  it("takes user and password out of a URL: neither the cluster nor anybody who reads sees them there", async () => {
    const world = createWorld(server, { environment: {} });
    const said = await world.run(["bootstrap", "git", "--url", `https://git:${server.token}@git.example.com/acme/url.git`, "--secret-name", "other"]);
    expect(said.code).toBe(0);
    expect(JSON.stringify(said)).not.toContain(server.token);
    expect(await server.git("acme/url", "show", "main:flux-system/gotk-sync.yaml")).toContain("  url: https://git.example.com/acme/url.git\n");
    const stored = world.memory.get({ apiVersion: "v1", kind: "Secret", namespace: "flux-system", name: "other" });
    expect(stored?.data).toEqual({ username: "Z2l0", password: Buffer.from(server.token).toString("base64") });
  });

  it("a wrong password is told of, without it", async () => {
    const said = await createWorld(server).run(["bootstrap", "git", "--url", url, "--password", "wrong-canary"]);
    expect(said.err).toContain("✗ failed to clone repository: authentication required");
    expect(said.err).not.toContain("wrong-canary");
    expect(said.code).toBe(1);
  });

  it("exports the keys of the Secret, never its values", async () => {
    const { out } = await cli.run([...GIT, "--with-bearer-token", "--export"]);
    expect(out).toContain("# Secret flux-system/flux-system, with bearerToken\n# No webhook: no --cluster names an installation on AWS\n");
    expect(out).not.toContain("password-canary");
  });
});

describe("sluice install --cluster", () => {
  it("stamps the marker, with the kubeconfig's region unless another is named", async () => {
    const marked = createMemoryCli({ objects: [], awsRegion: "eu-west-1", environment: { awsRegion: "us-east-1" } });
    await marked.run(["install", "--cluster", "prod"]);
    const marker = { apiVersion: "apps/v1", kind: "Deployment", namespace: "flux-system", name: "sluice" };
    expect(marked.memory.get(marker)?.metadata.annotations).toEqual({ "sluice.dev/cluster": "prod", "sluice.dev/region": "eu-west-1" });
    const { out } = await marked.run(["install", "--cluster", "prod", "--region", "eu-north-1", "--export"]);
    expect(out).toContain("    sluice.dev/cluster: prod\n    sluice.dev/region: eu-north-1\n");
  });
});

describe("the region of a kubeconfig", () => {
  const exec = (fields: object) => ({ plugin: { kind: "exec" as const, user: "u", exec: { command: "aws", ...fields } } });
  const eks = "https://ABC.gr7.ap-southeast-2.eks.amazonaws.com";
  it.each([
    [exec({ args: ["--region", "eu-central-1", "eks", "get-token", "--cluster-name", "x"] }), eks, "eu-central-1"],
    [exec({ args: ["eks", "get-token", "--region=eu-west-3"] }), eks, "eu-west-3"],
    [exec({ args: ["eks"], env: [{ name: "AWS_REGION", value: "us-east-2" }] }), eks, "us-east-2"],
    [exec({ args: ["--region"] }), eks, "ap-southeast-2"],
    [undefined, eks, "ap-southeast-2"],
    [undefined, "https://ABC.sk1.cn-north-1.eks.amazonaws.com.cn", "cn-north-1"],
    [{ token: "x" }, "https://127.0.0.1:6443", undefined],
    [undefined, "nonsense", undefined],
  ])("%j at %s", (user, server, want) => expect(awsRegionOf(user, server)).toBe(want));
});

describe("where a GitHub has its API", () => {
  it.each([
    ["github.com", "https://api.github.com"],
    ["acme.ghe.com", "https://api.acme.ghe.com"],
    ["git.example.com:8443", "https://git.example.com:8443/api/v3"],
  ])("%s", (hostname, want) => expect(gitHubApi(hostname)).toBe(want));
});
