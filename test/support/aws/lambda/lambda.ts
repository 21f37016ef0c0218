import { type AwsAnswer, AwsProblem, notInTheFake } from "../answer.ts";
import type { Background } from "../background.ts";
import type { AwsClock } from "../clock.ts";
import { matchPath, refuseAsRestJson } from "../protocol/rest-json.ts";
import type { AwsRequest } from "../request.ts";
import type { Service } from "../service.ts";
import { createInvokeLater, type Discarded, type InvokeLater } from "./asynchronous.ts";

/**
 * Runs a function; given by the harness. What it throws is the function's own error, but an AwsProblem, which is Lambda's
 * (ResourceNotFoundException for a function that is not there, TooManyRequestsException …).
 */
export type RunFunction = (functionName: string, event: unknown) => Promise<unknown>;

/** Thrown by a RunFunction that has the runtime's own words for the error. */
export class FunctionError extends Error {
  readonly payload: Readonly<Record<string, unknown>>;
  constructor(payload: Readonly<Record<string, unknown>>) {
    super(String(payload["errorMessage"] ?? "the function failed"));
    this.payload = payload;
  }
}

export type FakeLambda = {
  /** Asynchronous events that Lambda gave up on. */
  discarded(): readonly Discarded[];
  /** Asynchronous invocations that are to be tried again later. */
  waiting(): number;
  /** Of these, those for which there was no place: they come again within seconds. */
  throttled(): number;
};

/** Source: Lambda Developer Guide, "Lambda quotas"; Invoke API. */
const MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
const MAX_ASYNCHRONOUS_BYTES = 1024 * 1024;
/** Source: the message of Function.ResponseSizeTooLarge. */
const MAX_RESPONSE_BYTES = 6_291_556;

export function createLambda(
  clock: AwsClock,
  background: Background,
  run: RunFunction,
): { readonly service: Service; readonly lambda: FakeLambda; readonly later: InvokeLater } {
  const { later, discarded, waiting, throttled } = createInvokeLater(clock, background, run);

  const invoke = async (functionName: string, request: AwsRequest): Promise<AwsAnswer> => {
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    const event = parseEvent(request.body);
    switch (type) {
      case "Event":
        checkSize(request.body, MAX_ASYNCHRONOUS_BYTES);
        later(functionName, event);
        return { status: 202, headers: {}, body: "" };
      case "DryRun":
        return { status: 204, headers: {}, body: "" };
      case "RequestResponse":
        checkSize(request.body, MAX_SYNCHRONOUS_BYTES);
        return answerOf(() => run(functionName, event));
    }
    throw notInTheFake(`lambda Invoke ${type}`);
  };

  return {
    later,
    lambda: { discarded, waiting, throttled },
    service: {
      name: "lambda",
      identify: (request) => {
        const name = request.method === "POST" ? matchPath("/2015-03-31/functions/{FunctionName}/invocations", request.path)?.["FunctionName"] : undefined;
        if (name === undefined) throw notInTheFake(`lambda ${request.method} ${request.path}`);
        const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
        return { name: "Invoke", input: { FunctionName: functionNameOf(name), InvocationType: type, PayloadBytes: request.body.length } };
      },
      perform: ({ input }, request) => invoke(String(input["FunctionName"]), request),
      refuse: refuseAsRestJson,
    },
  };
}

/** The plain name: of an ARN the part after `function:`, without version or alias. */
export const functionNameOf = (nameOrArn: string): string => (nameOrArn.startsWith("arn:") ? (nameOrArn.split(":")[6] ?? "") : (nameOrArn.split(":")[0] ?? ""));

async function answerOf(run: () => Promise<unknown>): Promise<AwsAnswer> {
  const ok = { "content-type": "application/json", "x-amz-executed-version": "$LATEST" };
  const failed = { ...ok, "x-amz-function-error": "Unhandled" };
  try {
    const body = JSON.stringify((await run()) ?? null);
    if (Buffer.byteLength(body) <= MAX_RESPONSE_BYTES) return { status: 200, headers: ok, body };
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
    return { status: 200, headers: failed, body: JSON.stringify({ errorType: "Function.ResponseSizeTooLarge", errorMessage }) };
  } catch (thrown) {
    if (thrown instanceof AwsProblem) throw thrown;
    return { status: 200, headers: failed, body: JSON.stringify(describeError(thrown)) };
  }
}

function describeError(thrown: unknown): object {
  if (thrown instanceof FunctionError) return thrown.payload;
  if (!(thrown instanceof Error)) return { errorType: "Error", errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") };
}

function parseEvent(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsProblem("InvalidRequestContentException", "Could not parse request body into json");
  }
}

function checkSize(body: Buffer, max: number): void {
  if (body.length <= max) return;
  throw new AwsProblem("RequestTooLargeException", `Request must be smaller than ${max} bytes for the InvokeFunction operation`, { status: 413 });
}
