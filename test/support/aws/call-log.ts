import type { Input } from "./input.ts";

/** One request that reached the fake. */
export type Call = {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
  readonly region: string;
  /** ARN of who called. */
  readonly caller: string;
  /** How it ended: undefined while it runs, and when the connection was dropped. */
  readonly status: number | undefined;
  /** AWS's code of the error. */
  readonly problem: string | undefined;
};

/** What came over the wire, in order: for counting requests and writes. */
export type CallLog = {
  all(service?: string, operation?: string): readonly Call[];
  count(service?: string, operation?: string): number;
  /** Those that change something, or would have. */
  writes(service?: string): readonly Call[];
  clear(): void;
};

const READS = /^(Get|List|Describe|Head|Filter|Receive|AssumeRole)/;

export const isWrite = (call: Call): boolean => !READS.test(call.operation);

export type CallRecorder = CallLog & {
  /** Notes the call at once; what it returns notes the end. */
  record(call: Omit<Call, "status" | "problem">): (end: { readonly status?: number; readonly problem?: string }) => void;
};

export function createCallLog(): CallRecorder {
  let calls: Call[] = [];
  const all = (service?: string, operation?: string): readonly Call[] =>
    calls.filter((call) => (service === undefined || call.service === service) && (operation === undefined || call.operation === operation));
  return {
    all,
    count: (service, operation) => all(service, operation).length,
    writes: (service) => all(service).filter(isWrite),
    clear: () => {
      calls = [];
    },
    record: (call) => {
      const noted: { -readonly [K in keyof Call]: Call[K] } = { ...call, status: undefined, problem: undefined };
      calls.push(noted);
      return ({ status, problem }) => {
        noted.status = status;
        noted.problem = problem;
      };
    },
  };
}
