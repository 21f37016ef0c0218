import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FrozenGuard } from "./frozen-guard.ts";
import { type Exit, exited, type FunctionError, timedOut } from "./function-error.ts";
import { type Platform, processEnvironment } from "./process-environment.ts";
import { type Invocation, type RuntimeApi, startRuntimeApi } from "./runtime-api.ts";

export type InvocationEnd = { readonly kind: "answered"; readonly payload: string } | { readonly kind: "failed"; readonly error: FunctionError };
export type InitEnd = { readonly kind: "ready"; readonly ms: number } | { readonly kind: "failed"; readonly error: FunctionError; readonly ms: number };

/** One execution environment of a function: one process, one invocation at a time, stopped between two. */
export type Sandbox = {
  readonly init: Promise<InitEnd>;
  /** Ends when the runtime has answered and asks for the next one, or when the process is gone. Only while no other runs. */
  run(invocation: Omit<Invocation, "deadline">, timeoutMs: number): Promise<InvocationEnd>;
  isAlive(): boolean;
  kill(): void;
  /** After the process is gone, whatever ended it. */
  readonly gone: Promise<Exit>;
};

export type SandboxOptions = {
  readonly platform: Platform;
  readonly environment: Readonly<Record<string, string>>;
  readonly logStream: string;
  /** Path of the runtime interface client. */
  readonly runtime: string;
  readonly initTimeoutMs: number;
  readonly guard: FrozenGuard;
  readonly onLine: (line: string, requestId: string | undefined) => void;
};

const CLIENT = fileURLToPath(new URL("rapid-client.cjs", import.meta.url));

type Current = { readonly requestId: string; end: InvocationEnd | undefined; readonly settle: (end: InvocationEnd) => void };

/** Starts the process; it is in its init phase until `init`. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { guard, initTimeoutMs } = options;
  const started = performance.now();
  const init = Promise.withResolvers<InitEnd>();
  const gone = Promise.withResolvers<Exit>();
  let initError: FunctionError | undefined;
  let current: Current | undefined;
  let exit: Exit | undefined;

  const answered = (requestId: string, end: InvocationEnd): void => {
    if (current?.requestId === requestId) current.end ??= end;
  };
  const api = await startRuntimeApi({
    onNext: () => {
      freeze(child, guard);
      void afterOutput(() => {
        clearTimeout(initTimer);
        init.resolve({ kind: "ready", ms: performance.now() - started });
        const ended = current;
        current = undefined;
        if (ended !== undefined) ended.settle(ended.end ?? { kind: "failed", error: { errorType: "Runtime.InvalidState", errorMessage: "no answer" } });
      });
    },
    onInitError: (error) => {
      initError = error;
    },
    onAnswer: (requestId, payload) => answered(requestId, { kind: "answered", payload }),
    onError: (requestId, error) => answered(requestId, { kind: "failed", error }),
  });

  const child = startProcess(options, api);
  const initTimer = setTimeout(() => {
    initError ??= { errorType: "Sandbox.Timedout", errorMessage: `Error: Task timed out after ${(initTimeoutMs / 1000).toFixed(2)} seconds` };
    child.kill("SIGKILL");
  }, initTimeoutMs);
  child.once("exit", (code, signal) => {
    exit = { code, signal };
    clearTimeout(initTimer);
    if (child.pid !== undefined) guard.remove(child.pid);
    void afterOutput(async () => {
      const how = { code, signal };
      init.resolve({ kind: "failed", error: initError ?? exited("none", how), ms: performance.now() - started });
      current?.settle(current.end ?? { kind: "failed", error: exited(current.requestId, how) });
      current = undefined;
      await api.close();
      gone.resolve(how);
    });
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => options.onLine(line, current?.requestId));

  return {
    init: init.promise,
    gone: gone.promise,
    isAlive: () => exit === undefined,
    kill: () => void child.kill("SIGKILL"),
    run: (invocation, timeoutMs) => {
      if (current !== undefined) throw new Error("a sandbox runs one invocation at a time");
      const { promise, resolve } = Promise.withResolvers<InvocationEnd>();
      if (exit !== undefined) return Promise.resolve({ kind: "failed", error: exited(invocation.requestId, exit) });
      const mine: Current = { requestId: invocation.requestId, end: undefined, settle: resolve };
      current = mine;
      const timer = setTimeout(() => {
        // Whoever has answered is only slow to ask for more.
        mine.end ??= { kind: "failed", error: timedOut(invocation.requestId, timeoutMs) };
        child.kill("SIGKILL");
      }, timeoutMs);
      thaw(child, guard);
      api.give({ ...invocation, deadline: Date.now() + timeoutMs });
      return promise.finally(() => clearTimeout(timer));
    },
  };
}

function startProcess({ platform, environment, logStream, runtime }: SandboxOptions, api: RuntimeApi): ChildProcess {
  return spawn(process.execPath, [`--max-old-space-size=${platform.memoryMb}`, "--require", CLIENT, runtime], {
    cwd: platform.bundle,
    env: processEnvironment(platform, environment, { runtimeApi: api.address, logStream }),
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Between two invocations nothing runs: timers, sockets and promises wait. Source: Lambda, "execution environment lifecycle". */
function freeze(child: ChildProcess, guard: FrozenGuard): void {
  if (child.pid === undefined) return;
  guard.add(child.pid);
  child.kill("SIGSTOP");
}

function thaw(child: ChildProcess, guard: FrozenGuard): void {
  if (child.pid === undefined) return;
  child.kill("SIGCONT");
  guard.remove(child.pid);
}

/** Runs `then` when the lines that the process wrote before are read: two turns of the event loop empty what is in its pipes. */
async function afterOutput(then: () => void | Promise<void>): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  await then();
}
