import { createServer, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { AwsError } from "@sluice/platform/aws/aws-error.ts";
import { isAnswer } from "@sluice/platform/aws/kept.ts";
import { elementText, queryRequest } from "@sluice/platform/aws/query-protocol.ts";
import { createSignedRequests, type SignedRequests, type SignedRequestsOptions } from "@sluice/platform/aws/signed-requests.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

type Answering = (response: ServerResponse) => void;

/** Answers with the scripted ones in turn, the last one from then on. */
let script: Answering[];
let dates: string[];
let sockets: Set<Socket | null>;
let server: Server;
let endpoint: string;
const open: SignedRequests[] = [];
beforeEach(async () => {
  script = [];
  dates = [];
  sockets = new Set();
  server = createServer((request, response) => {
    request.resume();
    dates.push(String(request.headers["x-amz-date"]));
    sockets.add(response.socket);
    const next = script.length > 1 ? script.shift() : script[0];
    next?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterEach(() => {
  for (const requests of open.splice(0)) requests.close();
  server.closeAllConnections();
  server.close();
});

const SECRET = "canary-secret";
const credentials = { accessKeyId: "AKIA", secretAccessKey: SECRET, sessionToken: "canary-session" };
function create(options: SignedRequestsOptions = {}): SignedRequests {
  const requests = createSignedRequests("sns", { endpoint, region: "eu-west-1", credentials, ...options });
  open.push(requests);
  return requests;
}
const GET = { method: "GET", path: "/canary-path" } as const;
const says =
  (status: number, body: string, headers: Record<string, string> = {}): Answering =>
  (response) =>
    void response.writeHead(status, headers).end(body);
const OK = says(200, "yes");
const DROP: Answering = (response) => void response.socket?.destroy();
const HALF: Answering = (response) => {
  response.writeHead(200, { "content-length": "10" });
  response.write("half", () => response.socket?.destroy());
};
const failureOf = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => "answered",
    (error: unknown) => error,
  );

describe("a refusal", () => {
  const xml = (type: string, code: string) =>
    `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>no &lt;way&gt;</Message></Error></ErrorResponse>`;
  it.each<{ what: string; answer: Answering; want: string; counts: boolean }>([
    {
      what: "JSON by header",
      answer: says(404, '{"message":"none"}', { "x-amzn-errortype": "ResourceNotFoundException:http://x/" }),
      want: "ResourceNotFoundException: none",
      counts: true,
    },
    {
      what: "JSON by __type",
      answer: says(400, '{"__type":"com.amazonaws.eks#InvalidParameterException","Message":"bad"}'),
      want: "InvalidParameterException: bad",
      counts: true,
    },
    {
      what: "JSON by code",
      answer: says(403, '{"code":"AccessDeniedException"}'),
      want: "AccessDeniedException: AccessDeniedException (HTTP 403)",
      counts: true,
    },
    { what: "XML", answer: says(403, xml("Sender", "AccessDenied")), want: "AccessDenied: no <way>", counts: true },
    { what: "of nobody's", answer: says(418, "<html>"), want: "UnknownError: UnknownError (HTTP 418)", counts: true },
    { what: "throttling", answer: says(400, xml("Sender", "Throttling")), want: "Throttling: no <way>", counts: false },
    { what: "a broken service", answer: says(500, xml("Receiver", "InternalFailure")), want: "InternalFailure: no <way>", counts: false },
  ])("$what has the service's code and words, and nothing of the request", async ({ answer, want, counts }) => {
    script = [answer];
    const error = await failureOf(create({ maxAttempts: 1 }).send({ method: "POST", path: "/canary-path", body: "canary-body" }));
    expect(error).toBeInstanceOf(AwsError);
    expect(String(error)).toBe(want);
    expect(isAnswer(error)).toBe(counts);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("canary");
  });
});

describe("what is tried again", () => {
  it.each<{ what: string; first: Answering }>([
    { what: "throttling", first: says(400, "<Error><Code>Throttling</Code></Error>") },
    { what: "too many requests", first: says(429, "") },
    { what: "a broken service", first: says(503, "") },
    { what: "a connection that broke", first: DROP },
    { what: "an answer that broke off", first: HALF },
  ])("is $what", async ({ first }) => {
    script = [first, first, OK];
    expect((await create().send(GET)).body.toString()).toBe("yes");
    expect(dates).toHaveLength(3);
  });

  it("is silence", async () => {
    script = [() => {}, OK];
    expect((await create({ answerTimeout: 50 }).send(GET)).body.toString()).toBe("yes");
    expect(dates.length).toBeGreaterThan(1);
  });

  it("is silence within an answer", async () => {
    script = [(response) => void response.writeHead(200, { "content-length": "10" }).write("half"), OK];
    expect((await create({ answerTimeout: 50 }).send(GET)).body.toString()).toBe("yes");
    expect(dates.length).toBeGreaterThan(1);
  });

  it.each<{ what: string; answer: Answering }>([
    { what: "a refusal", answer: says(403, "<Error><Code>AccessDenied</Code></Error>") },
    { what: "a bug of ours", answer: says(501, "") },
  ])("is not $what", async ({ answer }) => {
    script = [answer];
    expect(await failureOf(create().send(GET))).toBeInstanceOf(AwsError);
    expect(dates).toHaveLength(1);
  });

  it("is nothing after the last attempt", async () => {
    script = [DROP];
    expect(String(await failureOf(create({ maxAttempts: 3 }).send(GET)))).toMatch(/hang up/);
    expect(dates).toHaveLength(3);
  });

  it("is nothing when the budget of retries is used up, until answers fill it again", async () => {
    script = [says(500, "")];
    const requests = create({ maxAttempts: 2 });
    for (let sent = 0; sent < 36; sent++) await failureOf(requests.send(GET));
    dates = [];
    await failureOf(requests.send(GET));
    expect(dates).toHaveLength(1);
    script = [OK];
    for (let sent = 0; sent < 14; sent++) await requests.send(GET);
    dates = [];
    script = [says(500, ""), OK];
    expect((await requests.send(GET)).status).toBe(200);
  });

  it("is nothing that was called off", async () => {
    const controller = new AbortController();
    script = [() => controller.abort()];
    expect(await failureOf(create().send({ ...GET, signal: controller.signal }))).toMatchObject({ name: "AbortError" });
    expect(dates).toHaveLength(1);
  });
});

describe("the service's clock", () => {
  const NOW = Date.UTC(2026, 0, 1);
  const at = (ms: number, headers: Record<string, string> = {}): Record<string, string> => ({ date: new Date(ms).toUTCString(), ...headers });
  const HOUR = 3_600_000;

  it("is learnt from a refusal, and the request signed by it at once", async () => {
    script = [says(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>", at(NOW + HOUR)), says(200, "yes", at(NOW + HOUR))];
    const requests = create({ now: () => NOW });
    await requests.send(GET);
    expect(dates).toEqual(["20260101T000000Z", "20260101T010000Z"]);
    expect(requests.clockOffset()).toBe(HOUR);
  });

  it("is no reason to ask again when it was known", async () => {
    script = [says(200, "yes", at(NOW - HOUR)), says(403, "<Error><Code>AccessDenied</Code></Error>", at(NOW - HOUR))];
    const requests = create({ now: () => NOW });
    await requests.send(GET);
    await failureOf(requests.send(GET));
    expect(dates).toEqual(["20260101T000000Z", "20251231T230000Z"]);
  });

  it.each<{ what: string; headers: Record<string, string>; took: number }>([
    { what: "an answer from a cache", headers: at(NOW - HOUR, { age: "3600" }), took: 0 },
    { what: "an answer without a Date that can be read", headers: { date: "yesterday" }, took: 0 },
    { what: "an answer that was read after the sandbox was frozen", headers: at(NOW), took: HOUR },
  ])("is not learnt from $what", async ({ headers, took }) => {
    let now = NOW;
    script = [
      (response) => {
        now += took;
        response.writeHead(200, headers).end();
      },
    ];
    const requests = create({ now: () => now });
    await requests.send(GET);
    expect(requests.clockOffset()).toBe(0);
  });
});

describe("a connection", () => {
  it("is kept for the next request", async () => {
    script = [OK];
    const requests = create();
    for (let sent = 0; sent < 3; sent++) await requests.send(GET);
    expect(sockets.size).toBe(1);
  });
});

describe("the environment", () => {
  const names = ["AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  const before = names.map((name) => [name, process.env[name]] as const);
  afterEach(() => {
    for (const [name, value] of before) value === undefined ? delete process.env[name] : Object.assign(process.env, { [name]: value });
  });

  it("says what is not said", async () => {
    Object.assign(process.env, {
      AWS_REGION: "eu-north-1",
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "ASIA",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_SESSION_TOKEN: "t",
    });
    script = [OK];
    const requests = createSignedRequests("eks");
    open.push(requests);
    expect((await requests.send(GET)).status).toBe(200);
    expect(await requests.credentials()).toEqual({ accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" });
  });

  it("has to say where", async () => {
    for (const name of names) delete process.env[name];
    expect(String(await failureOf(createSignedRequests("eks", { credentials }).send(GET)))).toBe("Error: no region for eks: Lambda sets AWS_REGION");
  });
});

describe("the query protocol", () => {
  it("escapes what it sends", () => expect(queryRequest("Do", "1", { "A.1": "a b+&=*ä" }).body).toBe("Action=Do&Version=1&A.1=a%20b%2B%26%3D%2A%C3%A4"));

  it.each<{ xml: string; want: string | undefined }>([
    { xml: "<R><Name>a</Name></R>", want: "a" },
    { xml: "<R><Names>b</Names><Name>a</Name></R>", want: "a" },
    { xml: "<Name>&lt;&amp;lt;&gt;&quot;&apos;&#228;&#xE4;&#x1F600;</Name>", want: "<&lt;>\"'ää\u{1F600}" },
    { xml: "<Name>&unknown;</Name>", want: "&unknown;" },
    { xml: "<Name></Name>", want: "" },
    { xml: "<Other>a</Other>", want: undefined },
    { xml: "<Name>a", want: undefined },
  ])("reads $want in $xml", ({ xml, want }) => expect(elementText(xml, "Name")).toBe(want));
});
