import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@sluice/engine/domain/secret.ts";
import { ms, seconds } from "@sluice/engine/domain/time.ts";
import type { ChartTarget } from "@sluice/engine/ports/chart-repositories.ts";
import { createChartRepositories } from "@sluice/platform/helm/chart-repositories.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import { publicAddressesAnd } from "@sluice/platform/http/public-addresses.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ChartServer, type Fault, startChartServer } from "../../../support/helm/chart-server.ts";
import { chartArchive } from "../../../support/helm/source-world.ts";
import { helmOfTests } from "../../../support/helm.ts";

const LOGIN = { username: "ada", password: "pa55word" };
const INDEX = "apiVersion: v1\nentries: {}\n";
const CHART = chartArchive("shop", "1.0.0");
const http = createHttp();
const repositories = createChartRepositories({ http, limits: { indexBytes: 1000, chartBytes: 2000 } });
let server: ChartServer;
let target: ChartTarget;
beforeEach(async () => {
  server = await startChartServer();
  server.files.set("/charts/index.yaml", Buffer.from(INDEX)).set("/charts/shop-1.0.0.tgz", CHART);
  target = { url: `${server.url}/charts`, passCredentials: false, insecure: true, timeout: seconds(10) };
});
afterEach(() => server.close());
afterAll(() => http.close());

const withLogin = (): ChartTarget => ({ ...target, credentials: { kind: "basic", username: LOGIN.username, password: secret(LOGIN.password) } });
const text = (answer: { readonly kind: string; readonly bytes?: Uint8Array; readonly message?: string }): string =>
  answer.kind === "found" ? Buffer.from(answer.bytes ?? []).toString() : (answer.message ?? answer.kind);

describe("an index", () => {
  it.each<readonly Fault[]>([[], ["never compressed"], ["no validators"]])("comes whole with the faults %j", async (...faults) => {
    for (const fault of faults) server.faults.add(fault);
    const answer = await repositories.index(target);
    expect(text(answer)).toBe(INDEX);
    expect(answer.kind === "found" && answer.validators !== undefined).toBe(!faults.includes("no validators"));
  });

  it("that has not changed costs a conditional request", async () => {
    const first = await repositories.index(target);
    const known = first.kind === "found" ? first.validators : undefined;
    expect(await repositories.index(target, known)).toEqual({ kind: "unchanged" });
    server.files.set("/charts/index.yaml", Buffer.from(`${INDEX}#`));
    expect(text(await repositories.index(target, known))).toBe(`${INDEX}#`);
    expect(server.requests).toEqual(["GET /charts/index.yaml", "GET /charts/index.yaml if-none-match", "GET /charts/index.yaml if-none-match"]);
  });

  it.each<{ readonly name: string; readonly change: () => void; readonly message: () => string }>([
    {
      name: "is not there",
      change: () => server.faults.add("index missing"),
      message: () => `failed to fetch ${server.url}/charts/index.yaml : 404 Not Found`,
    },
    { name: "wants a login", change: () => (server.login = LOGIN), message: () => `failed to fetch ${server.url}/charts/index.yaml : 401 Unauthorized` },
    {
      name: "is refused",
      change: () => server.faults.add("rate limited"),
      message: () => `failed to fetch ${server.url}/charts/index.yaml : 429 Too Many Requests`,
    },
    {
      name: "is too large",
      change: () => server.files.set("/charts/index.yaml", Buffer.alloc(1001, 97)),
      message: () => "index exceeds the maximum index file size of 1000 bytes",
    },
  ])("that $name is a failure", async ({ change, message }) => {
    change();
    expect(text(await repositories.index(target))).toBe(message());
    server.faults.add("never compressed");
    expect(text(await repositories.index(target))).toBe(message());
  });

  it("of a server that never answers is given up", async () => {
    server.faults.add("slow");
    expect(text(await repositories.index({ ...target, timeout: ms(50) }))).toBe(`Get "${server.url}/charts/index.yaml": context deadline exceeded`);
  });

  it("is got with user and password, also of the URL, which no message shows", async () => {
    server.login = LOGIN;
    expect(text(await repositories.index(withLogin()))).toBe(INDEX);
    const url = target.url.replace("http://", `http://ada:${LOGIN.password}@`);
    expect(text(await repositories.index({ ...target, url }))).toBe(INDEX);
    server.login = { ...LOGIN, password: "another" };
    expect(text(await repositories.index({ ...target, url }))).toBe(`failed to fetch http://ada:***@${server.host}/charts/index.yaml : 401 Unauthorized`);
  });
});

describe("credentials", () => {
  it("go to the repository's own host", async () => {
    await repositories.chart(withLogin(), `${server.url}/charts/shop-1.0.0.tgz`);
    expect(server.requests).toEqual(["GET /charts/shop-1.0.0.tgz Basic ada"]);
  });

  it.each([false, true])("go to other hosts only where they may: %s", async (passCredentials) => {
    await repositories.chart({ ...withLogin(), passCredentials }, `${server.elsewhere}/charts/shop-1.0.0.tgz`);
    expect(server.leaks).toEqual([`GET /charts/shop-1.0.0.tgz${passCredentials ? " Basic ada" : ""}`]);
  });

  it.each([false, true])("do not follow a redirect elsewhere (passCredentials: %s)", async (passCredentials) => {
    server.faults.add("redirect to elsewhere");
    const answer = await repositories.chart({ ...withLogin(), passCredentials }, `${server.url}/charts/shop-1.0.0.tgz`);
    expect(answer.kind).toBe("found");
    expect(server.leaks).toEqual(["GET /charts/shop-1.0.0.tgz"]);
  });

  it("do not go where blobs lie", async () => {
    server.push("charts/shop", "1.0.0", CHART);
    server.login = LOGIN;
    server.token = true;
    server.faults.add("blobs elsewhere");
    expect((await repositories.pull(withLogin(), `oci://${server.host}/charts/shop:1.0.0`)).kind).toBe("found");
    expect(server.leaks).toEqual([expect.stringMatching(/^GET \/blobs\/charts\/shop\/sha256:[0-9a-f]{64}\?signature=secret$/)]);
  });
});

describe("what is said of a failure", () => {
  const faults: readonly Fault[] = [
    "index missing",
    "rate limited",
    "redirect to elsewhere",
    "wrong digest",
    "short blob",
    "no chart layer",
    "no config",
    "blobs elsewhere",
  ];
  it.each(faults)("%s, with nothing that is a secret", async (fault) => {
    server.push("charts/shop", "1.0.0", CHART);
    server.login = LOGIN;
    server.token = true;
    server.faults.add(fault);
    const wrong: ChartTarget = { ...target, credentials: { kind: "basic", username: LOGIN.username, password: secret("an0ther-w0rd") } };
    const inUrl = { ...target, url: target.url.replace("http://", `http://ada:${LOGIN.password}@`) };
    const answers = await Promise.all(
      [withLogin(), wrong, inUrl].flatMap((as) => [
        repositories.index(as),
        repositories.chart(as, `${as.url}/none.tgz`),
        repositories.pull(as, `oci://${server.host}/charts/shop:1.0.0`),
        repositories.tags(as, `oci://${server.host}/charts/none`),
      ]),
    );
    const said = JSON.stringify(answers.map((answer) => (answer.kind === "failed" ? answer.message : answer.kind)));
    expect(said).toContain("failed to ");
    for (const hidden of [LOGIN.password, "an0ther-w0rd", "granted-to", "signature=secret", Buffer.from(`ada:${LOGIN.password}`).toString("base64")])
      expect(said).not.toContain(hidden);
  });
});

it("a chart that is too large is a failure", async () => {
  server.files.set("/charts/big-1.0.0.tgz?a=b", Buffer.alloc(2001));
  expect(text(await repositories.chart(target, `${server.url}/charts/big-1.0.0.tgz?a=b`))).toBe("size of chart 'big-1.0.0.tgz' exceeds '2000' bytes limit");
});

it("hosts that must not be reached are not", async () => {
  const guarded = createHttp({ isAllowed: publicAddressesAnd([]) });
  const few = createChartRepositories({ http: guarded });
  const refused = "connections to 127.0.0.1 are not allowed";
  expect(text(await few.index(target))).toContain(refused);
  expect(text(await few.pull(target, `oci://${server.host}/charts/shop:1.0.0`))).toContain(refused);
  expect(server.requests).toEqual([]);
  guarded.close();
});

describe("a registry", () => {
  beforeEach(() => {
    for (const tag of ["1.0.0", "1.1.0_build.1", "latest"]) server.push("charts/shop", tag, CHART);
  });
  const pull = (version = "1.0.0", as: ChartTarget = target, name = "shop") => repositories.pull(as, `oci://${server.host}/charts/${name}:${version}`);

  it("gives a chart by its tag, `+` being `_` there", async () => {
    expect(await pull()).toEqual({ kind: "found", bytes: Buffer.from(CHART) });
    expect((await pull("1.1.0+build.1")).kind).toBe("found");
    expect(server.requests.filter((line) => line.includes("manifests"))).toEqual([
      "GET /v2/charts/shop/manifests/1.0.0",
      "GET /v2/charts/shop/manifests/1.1.0_build.1",
    ]);
  });

  it.each(["anonymous token", "token for a login", "Basic"])("is told who asks: %s", async (how) => {
    server.token = how !== "Basic";
    server.login = how === "anonymous token" ? undefined : LOGIN;
    expect((await pull("1.0.0", how === "anonymous token" ? target : withLogin())).kind).toBe("found");
    const granted = how === "Basic" ? "Basic ada" : "Bearer token";
    const scope = "/token?scope=repository%3Acharts%2Fshop%3Apull&service=charts%2C+and+more";
    expect(server.requests.map((line) => line.replace(/sha256:\w+/, "…"))).toEqual([
      "GET /v2/charts/shop/manifests/1.0.0",
      ...(server.token ? [`GET ${scope}${server.login === undefined ? "" : " Basic ada"}`] : []),
      `GET /v2/charts/shop/manifests/1.0.0 ${granted}`,
      `GET /v2/charts/shop/blobs/… ${granted}`,
    ]);
  });

  it("lists its tags, page by page", async () => {
    server.pageSize = 1;
    server.token = true;
    expect(await repositories.tags(target, `oci://${server.host}/charts/shop`)).toEqual({ kind: "listed", tags: ["1.0.0", "1.1.0+build.1", "latest"] });
  });

  it("that does not know the repository says so", async () => {
    const list = `${server.url}/v2/charts/none/tags/list`;
    expect(await repositories.tags(target, `oci://${server.host}/charts/none`)).toEqual({
      kind: "failed",
      message: `GET "${list}": response status code 404: name unknown: repository name not known to registry`,
    });
  });

  it("gives a chart that stands in a list of manifests", async () => {
    server.faults.add("index of manifests");
    expect((await pull()).kind).toBe("found");
  });

  it.each([
    "oci://",
    "oci://host",
    "oci://ho st/a:1",
    "oci://host/A:1",
    "oci://host/a:?",
    "oci://user@host/a:1",
    "oci://host/../a:1",
  ])("is not asked for %s", async (reference) => {
    expect(text(await repositories.pull(target, reference))).toMatch(/^invalid reference: /);
    expect(server.requests).toEqual([]);
  });

  it("is asked for nothing larger than a chart", async () => {
    server.push("charts/big", "1.0.0", Buffer.alloc(2001));
    expect(text(await pull("1.0.0", target, "big"))).toBe(`size of chart '${server.host}/charts/big:1.0.0' exceeds '2000' bytes limit`);
    expect(server.requests.length).toBe(1);
  });

  it("in a cloud where we are nobody", async () => {
    const aws: ChartTarget = { ...target, url: "oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/charts", credentials: { kind: "aws" } };
    expect(text(await repositories.pull(aws, `${aws.url}/shop:1.0.0`))).toBe("failed to get credential from 'aws': there are no credentials of AWS here");
    const elsewhere: ChartTarget = { ...aws, url: `oci://${server.host}/charts` };
    expect(text(await repositories.pull(elsewhere, `${elsewhere.url}/shop:1.0.0`))).toBe(
      `failed to get credential from 'aws': invalid ECR registry: '${server.host}'`,
    );
    expect(server.requests).toEqual([]);
  });
});

/** What goes wrong is said in Helm's words: the real helm is asked for the same, where it runs. */
const helm = await helmOfTests();
describe("beside the real helm", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-helm-"));
    await mkdir(join(folder, "out"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const run = (path: string, args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      const env = { PATH: process.env.PATH, HOME: folder, HELM_CONFIG_HOME: folder, HELM_CACHE_HOME: folder, HELM_DATA_HOME: folder };
      execFile(path, [...args, "-d", join(folder, "out")], { env, timeout: 20_000 }, (error, _, stderr) => resolve(error === null ? "found" : stderr.trim()));
    });

  it.each<{
    readonly name: string;
    readonly faults?: readonly Fault[];
    readonly version?: string;
    readonly login?: boolean;
    readonly token?: boolean;
    readonly message: () => string;
  }>([
    { name: "a chart", message: () => "found" },
    { name: "a chart for a token", token: true, message: () => "found" },
    { name: "a chart in a list of manifests", faults: ["index of manifests"], message: () => "found" },
    { name: "a chart that lies elsewhere", faults: ["blobs elsewhere"], message: () => "found" },
    { name: "no such tag", version: "9.9.9", message: () => `failed to perform "FetchReference" on source: ${server.host}/charts/shop:9.9.9: not found` },
    {
      name: "a login that is lacking",
      login: true,
      message: () => `failed to perform "FetchReference" on source: GET "${server.url}/v2/charts/shop/manifests/1.0.0": basic credential not found`,
    },
    {
      name: "a token that is refused",
      login: true,
      token: true,
      message: () =>
        `failed to perform "FetchReference" on source: GET "${server.url}/v2/charts/shop/manifests/1.0.0": GET "${server.url}/token?scope=repository%3Acharts%2Fshop%3Apull&service=charts%2C+and+more": response status code 401: unauthorized: authentication required`,
    },
    { name: "a wrong digest", faults: ["wrong digest"], message: () => 'failed to perform "Push" on destination: mismatched digest' },
    {
      name: "no chart in it",
      faults: ["no chart layer"],
      message: () => "manifest does not contain a layer with mediatype application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    },
    { name: "something else", faults: ["no config"], message: () => "could not load config with mediatype application/vnd.cncf.helm.config.v1+json" },
  ])("$name", async ({ faults = [], version = "1.0.0", login = false, token = false, message }) => {
    server.push("charts/shop", "1.0.0", CHART);
    server.login = login ? LOGIN : undefined;
    server.token = token;
    for (const fault of faults) server.faults.add(fault);
    const ours = await repositories.pull(target, `oci://${server.host}/charts/shop:${version}`);
    expect(ours.kind === "found" ? "found" : text(ours)).toBe(message());
    if (helm === undefined) return;
    const theirs = await run(helm, ["pull", `oci://${server.host}/charts/shop`, "--version", version, "--plain-http"]);
    expect(theirs.replace(/^Error: /, "")).toBe(message());
  });

  it("a chart of an index, the same bytes", async () => {
    server.files.set(
      "/charts/index.yaml",
      Buffer.from("apiVersion: v1\nentries:\n  shop:\n  - {apiVersion: v2, name: shop, version: 1.0.0, urls: [shop-1.0.0.tgz]}\n"),
    );
    const ours = await repositories.chart(target, `${server.url}/charts/shop-1.0.0.tgz`);
    expect(ours).toEqual({ kind: "found", bytes: Buffer.from(CHART) });
    if (helm === undefined) return;
    await rm(join(folder, "out"), { recursive: true });
    await mkdir(join(folder, "out"));
    expect(await run(helm, ["pull", "shop", "--repo", `${server.url}/charts`])).toBe("found");
    const [file = ""] = await readdir(join(folder, "out"));
    expect(await readFile(join(folder, "out", file))).toEqual(Buffer.from(CHART));
  });
});
