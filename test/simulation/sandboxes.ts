import middy, { type MiddlewareObj } from "@middy/core";
import type { FunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import type { Context } from "aws-lambda";
import type { FunctionName } from "../../lib/stack/bundling.ts";
import { SIZES } from "../aws/world/functions.ts";
import { contextOf } from "../unit/functions/events.ts";
import type { Bill } from "./bill.ts";
import { OWN_MS, type OwnMs } from "./durations.ts";
import type { Time } from "./time.ts";
import type { Stopwatch } from "./waits.ts";

/** What one sandbox of a function holds for as long as it lives; `requests`: so many it has sent to API servers, whose answers cost processor time. */
export type Program<Event, Answer> = { handle(event: Event, signal: AbortSignal): Promise<Answer>; requests(): number };
type Create<Event, Answer> = (host: FunctionHost) => Program<Event, Answer>;

export type Ended<Answer> = { readonly endsAt: number } & (
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: unknown }
);

/** A function with as many sandboxes as it takes. */
export type SimulatedFunction<Event, Answer> = { invoke(event: Event): Promise<Ended<Answer>> };

/** Lambda keeps an idle sandbox for minutes, and none for longer than some hours; how long exactly it does not say. */
const IDLE_MS = 10 * 60_000;
const LIFE_MS = 2 * 3_600_000;
/** Lambda's own lines in text format: START, END and REPORT. Their lengths were counted in a log. */
const PLATFORM_LINES = 3;
const PLATFORM_BYTES = 340;
/** CloudWatch bills 26 bytes beside each event. Source: CloudWatch Logs quotas ("26 bytes for each log event"). */
const EVENT_BYTES = 26;

export type FunctionDeps = {
  readonly time: Time;
  readonly stopwatch: Stopwatch;
  readonly bill: Bill;
  readonly onInvocation: ((fn: string, waited: number) => void) | undefined;
  /** The function's name unless said. */
  readonly countAs?: string;
};

export function createSimulatedFunction<Event, Answer>(
  { time, stopwatch, bill, countAs, onInvocation }: FunctionDeps,
  name: Exclude<FunctionName, "gate">,
  create: Create<Event, Answer>,
): SimulatedFunction<Event, Answer> {
  const { memoryMb, seconds } = SIZES[name];
  const own: OwnMs = OWN_MS[name];
  const called = countAs ?? name;
  let invocations = 0;
  let pool: Sandbox<Event, Answer>[] = [];

  const write = (line: string): void => bill.add(`log bytes ${called}`, Buffer.byteLength(line) + EVENT_BYTES);

  function take(now: number): { readonly sandbox: Sandbox<Event, Answer>; readonly isCold: boolean } {
    pool = pool.filter(({ freeAt, bornAt }) => freeAt > now || (freeAt > now - IDLE_MS && bornAt > now - LIFE_MS));
    // The one that was used last: so Lambda lets go of those that nobody needs.
    const [warm] = pool.filter(({ freeAt }) => freeAt <= now).toSorted((a, b) => b.freeAt - a.freeAt);
    if (warm !== undefined) return { sandbox: warm, isCold: false };
    const host = createFunctionHost({ functionName: name, clock: time.clock, write });
    const sandbox = { host, program: create(host), bornAt: now, freeAt: now };
    pool.push(sandbox);
    return { sandbox, isCold: true };
  }

  return {
    invoke: async (event) => {
      const now = time.now();
      const { sandbox, isCold } = take(now);
      const { program, host } = sandbox;
      const before = program.requests();
      const controller = new AbortController();
      const handler = middy(async (given: Event): Promise<Answer> => program.handle(given, controller.signal)).use(
        host.middleware as MiddlewareObj<Event, Answer>,
      );
      const context: Context = contextOf(`00000000-0000-4000-8000-${String(++invocations).padStart(12, "0")}`);
      const { value, ms: waited } = await stopwatch.run(async () => {
        void stopwatch.wait((seconds - EARLY_SECONDS) * 1000).then(() => controller.abort());
        try {
          return { kind: "answered", answer: await handler(event, context) } as const;
        } catch (error) {
          return { kind: "failed", error } as const;
        }
      });
      const busy = own.perInvocation + own.perRequest * (program.requests() - before);
      onInvocation?.(called, waited);
      // Initialisation is billed, too, since August 2025. Source: AWS Compute Blog, "AWS Lambda standardizes billing for INIT Phase".
      const billed = Math.ceil(waited + busy + (isCold ? own.init : 0));
      sandbox.freeAt = now + billed;
      bill.add(`invocations ${called}`);
      bill.add(`GB-ms ${called}`, (billed * memoryMb) / 1024);
      bill.add(`log bytes ${called}`, PLATFORM_BYTES + PLATFORM_LINES * EVENT_BYTES);
      if (isCold) bill.add(`cold starts ${called}`);
      return { ...value, endsAt: now + billed };
    },
  };
}

/** As `deadline` of the functions has it. */
const EARLY_SECONDS = 10;

type Sandbox<Event, Answer> = {
  readonly host: FunctionHost;
  readonly program: Program<Event, Answer>;
  readonly bornAt: number;
  freeAt: number;
};
