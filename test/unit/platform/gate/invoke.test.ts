import { LambdaServiceException, TooManyRequestsException } from "@aws-sdk/client-lambda";
import type { AwsAnswer, AwsRequest } from "@sluice/platform/aws/exchange.ts";
import { createInvokeGate } from "@sluice/platform/gate/invoke.ts";
import { Unanswered } from "@sluice/platform/kubernetes/transport.ts";
import { describe, expect, it } from "vitest";

const CANARY = "k8s-aws-v1.canary-token";
const PAYLOAD = JSON.stringify({ token: CANARY });
const never = new AbortController().signal;

function invokeOver(answer: () => AwsAnswer): { readonly invoke: ReturnType<typeof createInvokeGate>; readonly sent: AwsRequest[] } {
  const sent: AwsRequest[] = [];
  const send = async (request: AwsRequest): Promise<AwsAnswer> => {
    sent.push(request);
    return answer();
  };
  return { invoke: createInvokeGate({ send }, "sluice-gate-prod"), sent };
}

const result =
  (body: string, headers: Readonly<Record<string, string>> = {}) =>
  (): AwsAnswer => ({ status: 200, headers, body: Buffer.from(body) });
const FAILED = { "x-amz-function-error": "Unhandled" };

it("is synchronous, carries the payload, ends with the signal, and answers the function's result", async () => {
  const { invoke, sent } = invokeOver(result('{"responses":[]}'));
  expect(await invoke(PAYLOAD, never)).toBe('{"responses":[]}');
  expect(sent).toMatchObject([
    { path: "/2015-03-31/functions/sluice-gate-prod/invocations", headers: { "x-amz-invocation-type": "RequestResponse" }, body: PAYLOAD },
  ]);
  expect(sent[0]?.signal).toBe(never);
});

describe("no answer", () => {
  const metadata = (httpStatusCode: number) => ({ $metadata: { httpStatusCode }, message: "words" });
  const serviceError = (name: string, code: number) => new LambdaServiceException({ name, $fault: "server", ...metadata(code) });
  /** As the SDK's errors do, it has the request in it. */
  const withRequest = (error: Error): Error => Object.assign(error, { $response: { request: { body: PAYLOAD } } });
  const thrown = (error: Error) => (): never => {
    throw withRequest(error);
  };
  it.each<{ name: string; answer: () => AwsAnswer; sent: boolean; passing: boolean; words: RegExp }>([
    {
      name: "too many run already",
      answer: thrown(new TooManyRequestsException(metadata(429))),
      sent: false,
      passing: true,
      words: /^sluice-gate-prod: TooManyRequestsException: words$/,
    },
    {
      name: "the VPC has no address left",
      answer: thrown(serviceError("SubnetIPAddressLimitReachedException", 502)),
      sent: false,
      passing: true,
      words: /Subnet/,
    },
    { name: "Lambda is broken", answer: thrown(serviceError("ServiceException", 500)), sent: true, passing: true, words: /ServiceException/ },
    { name: "no such function", answer: thrown(serviceError("ResourceNotFoundException", 404)), sent: false, passing: false, words: /NotFound/ },
    { name: "we may not", answer: thrown(serviceError("AccessDeniedException", 403)), sent: false, passing: false, words: /AccessDenied/ },
    { name: "the connection to Lambda broke", answer: thrown(new Error("socket hang up")), sent: true, passing: true, words: /hang up/ },
    {
      name: "the function ran out of time",
      answer: result('{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: x Error: Task timed out"}', FAILED),
      sent: true,
      passing: false,
      words: /^sluice-gate-prod: Sandbox\.Timedout: RequestId: x Error: Task timed out$/,
    },
    {
      name: "the function failed without words",
      answer: result("<html>", FAILED),
      sent: true,
      passing: false,
      words: /: failed$/,
    },
  ])("$name: sent $sent, passing $passing", async ({ answer, sent, passing, words }) => {
    const failed = await invokeOver(answer)
      .invoke(PAYLOAD, never)
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Unanswered);
    if (!(failed instanceof Unanswered)) return;
    expect({ sent: failed.sent, passing: failed.passing, words: failed.message }).toEqual({ sent, passing, words: expect.stringMatching(words) });
    const { cause } = failed;
    const shown = [failed, cause].map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error))).join();
    expect(shown).not.toContain("canary");
  });
});
