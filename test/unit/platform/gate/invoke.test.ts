import { type InvokeCommand, LambdaServiceException, TooManyRequestsException } from "@aws-sdk/client-lambda";
import { createInvokeGate } from "@sluice/platform/gate/invoke.ts";
import { Unanswered } from "@sluice/platform/kubernetes/transport.ts";
import { describe, expect, it } from "vitest";

const CANARY = "k8s-aws-v1.canary-token";
const PAYLOAD = JSON.stringify({ token: CANARY });
const never = new AbortController().signal;
type Sent = { readonly command: InvokeCommand; readonly signal: unknown };

function invokeOver(answer: () => unknown): { readonly invoke: ReturnType<typeof createInvokeGate>; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const send = async (command: InvokeCommand, options: { abortSignal: unknown }): Promise<unknown> => {
    sent.push({ command, signal: options.abortSignal });
    return answer();
  };
  return { invoke: createInvokeGate({ send } as unknown as Parameters<typeof createInvokeGate>[0], "sluice-gate-prod"), sent }; // of the client, only `send` is used
}

it("is synchronous, carries the payload, ends with the signal, and answers the function's result", async () => {
  const { invoke, sent } = invokeOver(() => ({ StatusCode: 200, Payload: Buffer.from('{"responses":[]}') }));
  expect(await invoke(PAYLOAD, never)).toBe('{"responses":[]}');
  expect(sent[0]?.command.input).toEqual({ FunctionName: "sluice-gate-prod", InvocationType: "RequestResponse", Payload: Buffer.from(PAYLOAD) });
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
  it.each<{ name: string; answer: () => unknown; sent: boolean; passing: boolean; words: RegExp }>([
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
      answer: () => ({
        FunctionError: "Unhandled",
        Payload: Buffer.from('{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: x Error: Task timed out"}'),
      }),
      sent: true,
      passing: false,
      words: /^sluice-gate-prod: Sandbox\.Timedout: RequestId: x Error: Task timed out$/,
    },
    {
      name: "the function failed without words",
      answer: () => ({ FunctionError: "Unhandled", Payload: Buffer.from("<html>") }),
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
