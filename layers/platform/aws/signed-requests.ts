import type { IncomingMessage } from "node:http";
import { HttpRequest } from "@smithy/core/protocols";
import { getRetryAfterHint, isThrottlingError, isTransientError, StandardRetryStrategy } from "@smithy/core/retry";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import type { RetryErrorInfo, SdkError } from "@smithy/types";
import { AwsError } from "./aws-error.ts";
import { CLIENT_OPTIONS } from "./client-options.ts";
import { createClockOffset } from "./clock-offset.ts";
import type { Credentials } from "./credentials.ts";
import { endpointOf } from "./endpoint.ts";
import { defaultProvider } from "./environment-credentials.ts";
import type { AwsAnswer, AwsRequest } from "./exchange.ts";
import { Sha256 } from "./sha256.ts";

/** Services of which we use one operation each. */
export type SignedService = "eks" | "sts" | "sns" | "lambda" | "sqs" | "events" | "ecr" | "ecr-public";

/** What is not said is read from the environment, as the SDK's clients do: AWS_REGION, AWS_ENDPOINT_URL and its kin, Lambda's credentials. */
export type SignedRequestsOptions = {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials | (() => Promise<Credentials>);
  /** The first one counts. */
  readonly maxAttempts?: number;
  /** Milliseconds until an answer begins, and of silence within it. */
  readonly answerTimeout?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

export type SignedRequests = {
  /** Throws an `AwsError` when the service said no, and what Node throws when it said nothing, both after the usual attempts. */
  send(request: AwsRequest): Promise<AwsAnswer>;
  /** Those that the next request is signed by. */
  credentials(): Promise<Credentials>;
  /** Milliseconds that the service's clock is ahead of ours, as far as is known from its answers. */
  clockOffset(): number;
  close(): void;
};

/**
 * Signed requests to one AWS service in one region, in place of its client in the SDK: those of EKS, STS, SNS and Lambda were a seventh of the code that a
 * cold start reads (186 KiB), for one operation each. Only what a client knows of its operations is left out here. Signature, connections, time limits and
 * retries are the SDK's own parts, which the clients of S3 and SQS have in the bundle anyway, with the options that all our clients have (client-options.ts).
 */
export function createSignedRequests(service: SignedService, options: SignedRequestsOptions = {}): SignedRequests {
  const { credentials = defaultProvider(), maxAttempts = CLIENT_OPTIONS.maxAttempts, answerTimeout, now = Date.now } = options;
  const limits = answerTimeout === undefined ? {} : { requestTimeout: answerTimeout, socketTimeout: answerTimeout };
  const handler = new NodeHttpHandler({ ...CLIENT_OPTIONS.requestHandler, ...limits });
  const retries = new StandardRetryStrategy(maxAttempts);
  const clock = createClockOffset(now);
  const identity = async (): Promise<Credentials> => (typeof credentials === "function" ? credentials() : credentials);

  async function attempt(request: AwsRequest): Promise<AwsAnswer> {
    const region = options.region ?? process.env["AWS_REGION"] ?? "";
    if (region === "") throw new Error(`no region for ${service}: Lambda sets AWS_REGION`);
    const url = new URL(options.endpoint ?? endpointOf(service, region, process.env));
    const signedWith = clock.get();
    const sentAt = now();
    const signer = new SignatureV4({ service, region, credentials: await identity(), sha256: Sha256 });
    const signed = await signer.sign(requestTo(url, request), { signingDate: new Date(sentAt + signedWith) });
    const { response } = await handler.handle(new HttpRequest(signed), request.signal === undefined ? {} : { abortSignal: request.signal });
    const answer = { status: response.statusCode, headers: response.headers, body: await bodyOf(response.body) };
    const wasSkewed = clock.learn({ date: answer.headers["date"], age: answer.headers["age"], sentAt, signedWith });
    if (answer.status >= 300) throw new AwsError(answer, { clockSkewCorrected: wasSkewed, retryAfter: getRetryAfterHint(response) });
    return answer;
  }

  async function send(request: AwsRequest): Promise<AwsAnswer> {
    let token = await retries.acquireInitialRetryToken("");
    for (;;) {
      try {
        const answer = await attempt(request);
        retries.recordSuccess(token);
        return answer;
      } catch (error) {
        const why = retryReasonOf(error);
        if (why === undefined || request.signal?.aborted === true) throw error;
        // Waits; throws when there have been enough attempts, or the budget of retries is used up.
        token = await retries.refreshRetryTokenForRetry(token, why).catch(() => Promise.reject(error));
      }
    }
  }

  return { send, credentials: identity, clockOffset: clock.get, close: () => handler.destroy() };
}

function requestTo(url: URL, { method, path, headers, body }: AwsRequest): HttpRequest {
  return new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== "" && { port: Number(url.port) }),
    path: url.pathname.replace(/\/$/, "") + path,
    headers: {
      ...headers,
      host: url.host,
      "user-agent": "sluice",
      ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
    },
    ...(body !== undefined && { body }),
  });
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part);
  return Buffer.concat(parts);
}

function retryReasonOf(error: unknown): RetryErrorInfo | undefined {
  if (!isSdkError(error)) return undefined;
  const hint = error instanceof AwsError && error.retryAfter !== undefined ? { retryAfterHint: error.retryAfter } : {};
  if (isThrottlingError(error)) return { errorType: "THROTTLING", ...hint };
  return isTransientError(error) ? { errorType: "TRANSIENT", ...hint } : undefined;
}

/** All that it may have beside is optional. */
const isSdkError = (error: unknown): error is SdkError => error instanceof Error;
