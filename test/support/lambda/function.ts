import { randomBytes, randomUUID } from "node:crypto";
import { startFrozenGuard } from "./frozen-guard.ts";
import type { FunctionError } from "./function-error.ts";
import { type Credentials, environmentProblem, type Platform } from "./process-environment.ts";
import { MAX_PAYLOAD } from "./runtime-api.ts";
import { type InvocationEnd, type Sandbox, startSandbox } from "./sandbox.ts";

export type FunctionOptions = {
  readonly name: string;
  /** The folder with the code. */
  readonly bundle: string;
  /** `index.handler` */
  readonly handler: string;
  /** Of the function's configuration; the process has these, what Lambda itself sets, and nothing else. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  /** Reserved concurrency: how many sandboxes there may be at once. */
  readonly concurrency?: number;
  readonly region?: string;
  readonly account?: string;
  readonly credentials?: Credentials;
  readonly logFormat?: "JSON" | "Text";
  /** Path of the runtime interface client, see install-runtime.ts. */
  readonly runtime: string;
  /** Lambda's own is ten seconds. */
  readonly initTimeoutMs?: number;
};

export type InvokeOptions = { readonly clientContext?: string };

export type InvokeEnd =
  | (InvocationEnd & { readonly requestId: string })
  /** As many sandboxes as there may be are busy. Nothing ran. */
  | { readonly kind: "throttled" }
  /** Larger than Lambda takes. Nothing ran. */
  | { readonly kind: "too-large" };

/** What is known of one invocation after its end; times in milliseconds. */
export type InvocationRecord = {
  readonly requestId: string;
  readonly sandbox: string;
  /** Set when the invocation had to start a sandbox, or to start one again. */
  readonly initMs?: number;
  readonly durationMs: number;
  readonly error?: FunctionError;
};

/** `fields` when the line is a JSON object. */
export type LogLine = {
  readonly at: number;
  readonly sandbox: string;
  readonly requestId?: string;
  readonly text: string;
  readonly fields?: { readonly [key: string]: unknown };
};

export type LambdaFunction = {
  readonly name: string;
  readonly arn: string;
  /** `event` is sent as JSON. Never throws for what the function does. */
  invoke(event: unknown, options?: InvokeOptions): Promise<InvokeEnd>;
  /** Ends sandboxes at once, as a lost host does: those that run an invocation, those that wait for one, or both (without a word). */
  kill(which?: "busy" | "idle"): number;
  /** Invocations under way. */
  running(): number;
  readonly invocations: readonly InvocationRecord[];
  readonly logs: readonly LogLine[];
  /** Called for each line as it comes, for example to put it into CloudWatch's place. */
  onLog(listener: (line: LogLine) => void): void;
  stop(): Promise<void>;
};

/** Where no concurrency is reserved: what a small machine bears. */
const UNRESERVED = 10;

/** A function as Lambda runs it, in the real runtime interface client. What is like Lambda and what is not: README.md. */
export function createFunction(options: FunctionOptions): LambdaFunction {
  const { name, environment = {}, timeoutMs = 3_000, concurrency = UNRESERVED, runtime, initTimeoutMs = 10_000 } = options;
  const problem = environmentProblem(environment);
  if (problem !== undefined) throw new Error(`${name}: ${problem}`);
  const platform = platformOf(options);
  const arn = `arn:aws:lambda:${platform.region}:${platform.account}:function:${name}`;
  const guard = startFrozenGuard();
  const idle: Named[] = [];
  const busy = new Set<Named>();
  const starting = new Set<Promise<unknown>>();
  const alive = new Set<Named>();
  const invocations: InvocationRecord[] = [];
  const logs: LogLine[] = [];
  const listeners: ((line: LogLine) => void)[] = [];
  let taken = 0;
  let stopped = false;

  const log = (id: string, text: string, requestId: string | undefined): void => {
    const fields = parseFields(text);
    const line: LogLine = { at: Date.now(), sandbox: id, ...(requestId !== undefined && { requestId }), text, ...(fields !== undefined && { fields }) };
    logs.push(line);
    for (const listener of listeners) listener(line);
  };

  const start = async (): Promise<Named> => {
    const id = randomBytes(16).toString("hex");
    const logStream = `2026/01/01/[$LATEST]${id}`;
    const opening = startSandbox({ platform, environment, logStream, runtime, initTimeoutMs, guard, onLine: (text, requestId) => log(id, text, requestId) });
    starting.add(opening);
    const named: Named = { ...(await opening), id };
    starting.delete(opening);
    alive.add(named);
    if (stopped) named.kill();
    void named.gone.then(() => {
      alive.delete(named);
      const at = idle.indexOf(named);
      if (at >= 0) idle.splice(at, 1);
    });
    return named;
  };

  /** A sandbox whose init failed is started once more, within the invocation. Source: Lambda, "Failures during the Init phase". */
  const startTwice = async (): Promise<{ readonly sandbox: Named; readonly initMs: number; readonly error?: FunctionError }> => {
    let initMs = 0;
    for (let attempt = 1; ; attempt++) {
      const sandbox = await start();
      busy.add(sandbox);
      const init = await sandbox.init;
      initMs += init.ms;
      if (init.kind === "ready") return { sandbox, initMs };
      busy.delete(sandbox);
      await sandbox.gone;
      if (attempt === 2 || stopped) return { sandbox, initMs, error: init.error };
    }
  };

  const invoke = async (event: unknown, { clientContext }: InvokeOptions = {}): Promise<InvokeEnd> => {
    if (stopped) throw new Error(`${name} is stopped`);
    const payload = JSON.stringify(event) ?? "null";
    if (Buffer.byteLength(payload) > MAX_PAYLOAD) return { kind: "too-large" };
    if (taken >= concurrency) return { kind: "throttled" };
    taken++;
    const requestId = randomUUID();
    try {
      const warm = takeIdle(idle);
      const { sandbox, initMs, error } = warm === undefined ? await startTwice() : { sandbox: warm, initMs: undefined, error: undefined };
      const record = { requestId, sandbox: sandbox.id, ...(initMs !== undefined && { initMs }) };
      if (error !== undefined) {
        invocations.push({ ...record, durationMs: 0, error });
        return { kind: "failed", error, requestId };
      }
      busy.add(sandbox);
      const began = performance.now();
      const invocation = { requestId, payload, functionArn: arn, traceId: traceId(), ...(clientContext !== undefined && { clientContext }) };
      const end = await sandbox.run(invocation, timeoutMs);
      busy.delete(sandbox);
      invocations.push({ ...record, durationMs: performance.now() - began, ...(end.kind === "failed" && { error: end.error }) });
      if (sandbox.isAlive()) idle.push(sandbox);
      return { ...end, requestId };
    } finally {
      taken--;
    }
  };

  return {
    name,
    arn,
    invoke,
    running: () => taken,
    invocations,
    logs,
    onLog: (listener) => void listeners.push(listener),
    kill: (which) => {
      const chosen = [...alive].filter((sandbox) => which === undefined || busy.has(sandbox) === (which === "busy"));
      // What is killed must not be taken for an invocation before the system has told us of its end.
      for (const sandbox of chosen) {
        const at = idle.indexOf(sandbox);
        if (at >= 0) idle.splice(at, 1);
        sandbox.kill();
      }
      return chosen.length;
    },
    stop: async () => {
      stopped = true;
      await Promise.all(starting);
      const ending = [...alive];
      for (const sandbox of ending) sandbox.kill();
      await Promise.all(ending.map(({ gone }) => gone));
      await guard.close();
    },
  };
}

type Named = Sandbox & { readonly id: string };

const platformOf = (options: FunctionOptions): Platform => ({
  name: options.name,
  region: options.region ?? "eu-central-1",
  account: options.account ?? "123456789012",
  handler: options.handler,
  bundle: options.bundle,
  memoryMb: options.memoryMb ?? 1024,
  credentials: options.credentials ?? { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret-of-a-test", sessionToken: "session-of-a-test" },
  logFormat: options.logFormat ?? "Text",
});

/** The one used last is the warmest. */
function takeIdle(idle: Named[]): Named | undefined {
  for (let sandbox = idle.pop(); sandbox !== undefined; sandbox = idle.pop()) if (sandbox.isAlive()) return sandbox;
  return undefined;
}

const traceId = (): string =>
  `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")};Parent=${randomBytes(8).toString("hex")};Sampled=0`;

function parseFields(text: string): { readonly [key: string]: unknown } | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // A line that only begins like JSON is a line.
    return undefined;
  }
}
