import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE_HANDLER, bundleFunction } from "../../../lib/stack/bundling.ts";
import { createFunction, type FunctionOptions, type LambdaFunction } from "../../support/lambda/function.ts";
import { ensureRuntime } from "../../support/lambda/install-runtime.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-lambda-"));
let runtime = "";
const created: LambdaFunction[] = [];
beforeAll(async () => {
  runtime = await ensureRuntime();
});
afterEach(async () => {
  await Promise.all(created.splice(0).map((one) => one.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** A function of this source text, bundled as the stack bundles. */
function make(source: string, options: Partial<FunctionOptions> = {}): LambdaFunction {
  const name = `probe-${++count}`;
  const entry = join(folder, `${name}.ts`);
  writeFileSync(entry, source);
  const outdir = join(folder, name);
  bundleFunction({ entry, outdir });
  const made = createFunction({ name, bundle: outdir, handler: BUNDLE_HANDLER, runtime, ...options });
  created.push(made);
  return made;
}

const answer = async (made: LambdaFunction, event: unknown = {}): Promise<unknown> => {
  const end = await made.invoke(event);
  if (end.kind !== "answered") throw new Error(JSON.stringify(end));
  return JSON.parse(end.payload);
};

const COUNTER = "let n = 0; export const handler = async (event: unknown) => ({ pid: process.pid, n: ++n, event });";

describe("a function", () => {
  it("starts cold, then is warm", async () => {
    const made = make(COUNTER);
    expect(await answer(made, { a: "ä" })).toMatchObject({ n: 1, event: { a: "ä" } });
    expect(await answer(made)).toMatchObject({ n: 2 });
    expect(made.invocations.map(({ initMs }) => initMs !== undefined)).toEqual([true, false]);
    expect(new Set(made.invocations.map(({ sandbox }) => sandbox)).size).toBe(1);
  });

  it("runs side by side up to its reserved concurrency, each sandbox one at a time", async () => {
    const made = make("export const handler = () => new Promise((done) => setTimeout(() => done(process.pid), 300));", { concurrency: 2 });
    const ends = await Promise.all([made.invoke({}), made.invoke({}), made.invoke({})]);
    expect(ends.map(({ kind }) => kind)).toEqual(["answered", "answered", "throttled"]);
    expect(new Set(ends.map((end) => (end.kind === "answered" ? end.payload : "")))).toHaveProperty("size", 3);
    for (let times = 0; times < 2; times++) expect((await made.invoke({})).kind).toBe("answered");
    const used = made.invocations.map(({ sandbox }) => sandbox);
    expect(new Set(used).size).toBe(2);
    // The one used last comes first.
    expect(used[2]).toBe(used[1]);
    expect(used[3]).toBe(used[2]);
  });

  it("has the environment that it was given and what Lambda sets, nothing of this process", async () => {
    process.env.SLUICE_LEAK = "leak";
    const made = make("export const handler = async () => process.env;", {
      environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:1", MINE: "x" },
      credentials: { accessKeyId: "AKID", secretAccessKey: "S", sessionToken: "T" },
      region: "eu-west-1",
    });
    const environment = await answer(made);
    delete process.env.SLUICE_LEAK;
    expect(Object.keys(environment ?? {}).toSorted()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_DEFAULT_REGION",
      "AWS_ENDPOINT_URL",
      "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_INITIALIZATION_TYPE",
      "AWS_LAMBDA_LOG_FORMAT",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_LAMBDA_RUNTIME_API",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "LAMBDA_RUNTIME_DIR",
      "LAMBDA_TASK_ROOT",
      "LANG",
      "MINE",
      "PATH",
      "TZ",
      "_HANDLER",
      "_X_AMZN_TRACE_ID",
    ]);
    expect(environment).toMatchObject({ AWS_REGION: "eu-west-1", AWS_LAMBDA_FUNCTION_NAME: made.name, AWS_ACCESS_KEY_ID: "AKID", AWS_SESSION_TOKEN: "T" });
  });

  it.each([
    { environment: { AWS_REGION: "x" }, problem: "Reserved keys used in this request: AWS_REGION" },
    { environment: { A: "x".repeat(4096) }, problem: "the environment variables are 4097 bytes, Lambda takes 4096" },
  ])("is not made with what Lambda refuses: $problem", ({ environment, problem }) => {
    expect(() => createFunction({ name: "f", bundle: folder, handler: BUNDLE_HANDLER, runtime, environment })).toThrow(problem);
  });

  it("knows its name, its deadline and its request", async () => {
    const made = make(
      "export const handler = async (_: unknown, context: any) => ({ arn: context.invokedFunctionArn, id: context.awsRequestId, left: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB });",
      { timeoutMs: 20_000, memoryMb: 512 },
    );
    const seen = await answer(made);
    expect(seen).toMatchObject({ arn: made.arn, id: made.invocations[0]?.requestId, memory: "512" });
    expect(seen).toHaveProperty("left", expect.any(Number));
    expect(Object(seen).left).toBeLessThanOrEqual(20_000);
    expect(Object(seen).left).toBeGreaterThan(0);
  });
});

describe("failures", () => {
  it("a thrown error is told with its type and message, and the sandbox stays", async () => {
    const made = make(
      'let n = 0; class OutOfPaper extends Error { override name = "OutOfPaper"; } export const handler = async () => { if (++n === 1) throw new OutOfPaper("tray 2"); return n; };',
    );
    expect(await made.invoke({})).toMatchObject({ kind: "failed", error: { errorType: "OutOfPaper", errorMessage: "tray 2", trace: expect.any(Array) } });
    expect(await answer(made)).toBe(2);
  });

  it("a timeout kills the process; the next invocation starts cold", async () => {
    const made = make(
      "let n = 0; export const handler = async (event: any) => { n++; if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return n; };",
      {
        timeoutMs: 1500,
      },
    );
    expect(await answer(made)).toBe(1);
    const end = await made.invoke({ hang: true });
    expect(end).toMatchObject({
      kind: "failed",
      error: { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1.50 seconds$/) },
    });
    expect(await answer(made)).toBe(1);
    expect(made.invocations.map(({ initMs }) => initMs !== undefined)).toEqual([true, false, true]);
  });

  it.each([
    { how: "process.exit(7)", message: "Runtime exited with error: exit status 7" },
    { how: "process.exit(0)", message: "Runtime exited without providing a reason" },
    { how: 'process.kill(process.pid, "SIGKILL")', message: "Runtime exited with error: signal: killed" },
  ])("$how", async ({ how, message }) => {
    const made = make(
      `let n = 0; export const handler = async (event: any) => { n++; if (event.end) { ${how}; await new Promise(() => setInterval(() => {}, 1000)); } return n; };`,
    );
    const end = await made.invoke({ end: true });
    expect(end).toMatchObject({ kind: "failed", error: { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining(message) } });
    expect(await answer(made)).toBe(1);
  });

  it("an init that throws is tried once more within the invocation, then told", async () => {
    const marker = join(folder, "inits");
    writeFileSync(marker, "");
    const made = make(
      `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(marker)}, "x"); throw new RangeError("no bucket"); export const handler = async () => 1;`,
    );
    expect(await made.invoke({})).toMatchObject({ kind: "failed", error: { errorType: "RangeError", errorMessage: "no bucket" } });
    expect(readFileSync(marker, "utf8")).toBe("xx");
  });

  it("an init that does not end is killed", async () => {
    const made = make("await new Promise(() => setInterval(() => {}, 1000)); export const handler = async () => 1;", { initTimeoutMs: 700 });
    expect(await made.invoke({})).toMatchObject({ kind: "failed", error: { errorType: "Sandbox.Timedout" } });
  });

  it("a kill in the middle of an invocation", async () => {
    const made = make(
      "let n = 0; export const handler = async (event: any) => { n++; if (event.wait) { console.log('in'); await new Promise((done) => setTimeout(done, 30000)); } return n; };",
      {
        timeoutMs: 40_000,
      },
    );
    made.onLog(() => void made.kill("busy"));
    expect(await made.invoke({ wait: true })).toMatchObject({ kind: "failed", error: { errorType: "Runtime.ExitError" } });
    expect(await answer(made)).toBe(1);
    expect(made.kill("busy")).toBe(0);
    expect(made.kill("idle")).toBe(1);
    expect(await answer(made)).toBe(1);
  });

  it.each([
    { bytes: 6_000_000, want: { kind: "answered" } },
    { bytes: 6_400_000, want: { kind: "failed", error: { errorType: "Function.ResponseSizeTooLarge" } } },
  ])("an answer of $bytes bytes: $want.kind", async ({ bytes, want }) => {
    const made = make(`export const handler = async () => "x".repeat(${bytes});`);
    expect(await made.invoke({})).toMatchObject(want);
    expect(await made.invoke({})).toMatchObject(want);
  });

  it("an event that is larger than Lambda takes is refused", async () => {
    expect(await make(COUNTER).invoke("x".repeat(6_400_000))).toEqual({ kind: "too-large" });
  });
});

describe("between two invocations", () => {
  it("nothing runs", async () => {
    const marker = join(folder, "ticks");
    writeFileSync(marker, "");
    const made = make(
      `import { appendFileSync } from "node:fs"; let started = false;
       export const handler = async () => { if (!started) setInterval(() => appendFileSync(${JSON.stringify(marker)}, "x"), 5); started = true; };`,
    );
    await made.invoke({});
    const before = readFileSync(marker, "utf8").length;
    const other = make("export const handler = () => new Promise((done) => setTimeout(done, 400));");
    await other.invoke({});
    expect(readFileSync(marker, "utf8")).toHaveLength(before);
  });
});

describe("logs", () => {
  it("are the lines of standard output and error, with the request in which they came, there when the invocation has ended", async () => {
    const made = make(
      'console.log("at init"); export const handler = async () => { console.info("hello", { a: 1 }); process.stdout.write(JSON.stringify({ message: "own", object: "x" }) + "\\n"); console.error(new Error("oops")); };',
      { logFormat: "JSON" },
    );
    await made.invoke({});
    const requestId = made.invocations[0]?.requestId;
    expect(made.logs.map(({ fields, requestId: id }) => [fields?.message, id])).toEqual([
      ["at init", undefined],
      ["hello { a: 1 }", requestId],
      ["own", requestId],
      [expect.objectContaining({ errorType: "Error", errorMessage: "oops" }), requestId],
    ]);
  });

  it("of format text, Lambda's default, are as the runtime writes them", async () => {
    const made = make('export const handler = async () => { console.warn("careful"); };');
    await made.invoke({});
    expect(made.logs[0]?.text).toMatch(/^\S+Z\t\S+\tWARN\tcareful$/);
  });
});
