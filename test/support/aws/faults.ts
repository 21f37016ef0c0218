import type { AwsAnswer } from "./answer.ts";
import type { Input } from "./input.ts";

/** What goes wrong with a request. */
export type Effect =
  /** Refused with AWS's code, before anything is done. */
  | { readonly kind: "fail"; readonly status: number; readonly code: string; readonly message?: string }
  /** Refused as the service throttles. */
  | { readonly kind: "throttle" }
  /** Done later, by the fake's clock. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection breaks: before it is done, or after it was done and before it is answered. */
  | { readonly kind: "drop"; readonly when: "before" | "after" }
  /** Done, and another answer given. */
  | { readonly kind: "lie"; readonly answer: (truth: AwsAnswer) => AwsAnswer };

export type Fault = {
  /** As in the scope of the signature: "s3", "sqs", "sns", "sts", "eks", "secretsmanager", "ssm", "logs", "lambda", "scheduler". */
  readonly service: string;
  /** All operations of the service without it. */
  readonly operation?: string;
  /** `caller`: ARN of who asks. */
  readonly when?: (input: Input, caller: string) => boolean;
  /** How many matching requests pass before the first that is hit. */
  readonly skip?: number;
  /** How many are hit; all without it. */
  readonly times?: number;
  readonly effect: Effect;
};

export type Faults = {
  /** From now on; the answer takes it back. */
  add(fault: Fault): () => void;
  clear(): void;
};

export type FaultFinder = Faults & { find(service: string, operation: string, input: Input, caller: string): Effect | undefined };

export function createFaults(): FaultFinder {
  type Armed = { readonly fault: Fault; skip: number; times: number };
  const armed = new Set<Armed>();
  const matches = ({ fault }: Armed, service: string, operation: string, input: Input, caller: string): boolean =>
    fault.service === service && (fault.operation ?? operation) === operation && (fault.when?.(input, caller) ?? true);
  return {
    add: (fault) => {
      const one = { fault, skip: fault.skip ?? 0, times: fault.times ?? Number.POSITIVE_INFINITY };
      armed.add(one);
      return () => armed.delete(one);
    },
    clear: () => armed.clear(),
    find: (service, operation, input, caller) => {
      for (const one of armed) {
        if (one.times <= 0 || !matches(one, service, operation, input, caller)) continue;
        if (one.skip > 0) {
          one.skip -= 1;
          continue;
        }
        one.times -= 1;
        return one.fault.effect;
      }
      return undefined;
    },
  };
}

/** How each service says that it is too much. Source: the SDK's list of throttling codes, S3's and Lambda's error tables. */
export function throttled(service: string): { readonly status: number; readonly code: string; readonly message: string } {
  if (service === "s3") return { status: 503, code: "SlowDown", message: "Please reduce your request rate." };
  if (service === "sns") return { status: 429, code: "Throttled", message: "Rate exceeded" };
  if (service === "sqs") return { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
  if (service === "lambda" || service === "eks" || service === "scheduler") return { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded." };
  return { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
}
