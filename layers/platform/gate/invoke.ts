import { isObject } from "@sluice/engine/domain/json.ts";
import { percentEncode } from "../aws/percent-encode.ts";
import { createSignedRequests, type SignedRequests, type SignedRequestsOptions } from "../aws/signed-requests.ts";
import { parseJson } from "../kubernetes/status.ts";
import { Unanswered } from "../kubernetes/transport.ts";
import type { InvokeGate } from "./gate-http.ts";

/** Longer than a gate works on a call. */
const INVOKE_MS = 90_000;
/** Nothing was begun: too many run already, or the VPC has no place for one more. Source: Lambda's API, Invoke. */
const THROTTLED = new Set(["TooManyRequestsException", "EC2ThrottledException", "ENILimitReachedException", "SubnetIPAddressLimitReachedException"]);

/** Lambda, asked once: what may be sent twice, the requests inside decide. */
export const createGateClient = (options: SignedRequestsOptions): SignedRequests =>
  createSignedRequests("lambda", { maxAttempts: 1, answerTimeout: INVOKE_MS, ...options });

/** Invokes `functionName` and waits for its result. */
export function createInvokeGate(lambda: Pick<SignedRequests, "send">, functionName: string): InvokeGate {
  const path = `/2015-03-31/functions/${percentEncode(functionName)}/invocations`;
  const headers = { "content-type": "application/octet-stream", "x-amz-invocation-type": "RequestResponse" };
  return async (payload, signal) => {
    const request = { method: "POST", path, headers, body: payload, signal } as const;
    const answer = await lambda.send(request).catch((error: unknown) => Promise.reject(refused(functionName, error)));
    const text = answer.body.toString("utf8");
    if (answer.headers["x-amz-function-error"] === undefined) return text;
    throw new Unanswered(new Error(`${functionName}: ${functionProblem(text)}`), { sent: true, passing: false });
  };
}

/** What the runtime says of a function that threw, was killed or ran out of time: `{"errorType":…,"errorMessage":…}`. */
function functionProblem(text: string): string {
  const problem = parseJson(text);
  if (!isObject(problem)) return "failed";
  const words = [problem.errorType, problem.errorMessage].filter((word) => typeof word === "string");
  return words.length === 0 ? "failed" : words.join(": ").slice(0, 500);
}

/** An error may hold the request, and that the token: only its words go on. */
function refused(functionName: string, error: unknown): Unanswered {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const code = statusOf(error);
  const throttled = THROTTLED.has(name) || code === 429;
  const passing = throttled || code === undefined || code >= 500;
  return new Unanswered(new Error(`${functionName}: ${name}: ${message}`), { sent: !throttled && (code === undefined || code >= 500), passing });
}

/** Undefined when Lambda itself did not answer. */
function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && "$metadata" in error ? error.$metadata : undefined;
  const code = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : undefined;
  return typeof code === "number" ? code : undefined;
}
