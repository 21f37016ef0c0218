import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type FunctionError, parseFunctionError } from "./function-error.ts";

/** One invocation as the Runtime API hands it to a runtime. */
export type Invocation = {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly functionArn: string;
  /** When the sandbox will be killed: milliseconds since the epoch, as the runtime is told. */
  readonly deadline: number;
  readonly traceId: string;
  /** JSON; of a synchronous invocation through the API. */
  readonly clientContext?: string;
};

/** What a runtime says; each call is one request of it. */
export type RuntimeListener = {
  /** It is ready for an invocation: after its init, and after each answer. */
  readonly onNext: () => void;
  readonly onInitError: (error: FunctionError) => void;
  readonly onAnswer: (requestId: string, payload: string) => void;
  readonly onError: (requestId: string, error: FunctionError) => void;
};

export type RuntimeApi = {
  /** `127.0.0.1:<port>`, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string;
  /** Answers the runtime's open question for the next invocation. Throws when it asked for none. */
  give(invocation: Invocation): void;
  close(): Promise<void>;
};

/** Of an answer to a synchronous invocation, in bytes. Source: Lambda quotas (6 MB), and the number in its error message. */
export const MAX_PAYLOAD = 6_291_556;

const VERSION = "/2018-06-01/runtime";

/** The Runtime API of one sandbox, on a port of its own. Source: Lambda, "Using the Lambda runtime API for custom runtimes". */
export async function startRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  const server = createServer((request, response) => void receive(request, response));
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "";
    if (request.method === "GET" && path === `${VERSION}/invocation/next`) {
      waiting = response;
      listener.onNext();
      return;
    }
    const body = await readAll(request);
    if (body === undefined) return;
    const [, requestId, what] = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (request.method !== "POST") return void response.writeHead(404).end();
    if (path === `${VERSION}/init/error`) listener.onInitError(parseFunctionError(body.toString("utf8")));
    else if (requestId === undefined) return void response.writeHead(404).end();
    else if (what === "error") listener.onError(decodeURIComponent(requestId), parseFunctionError(body.toString("utf8")));
    else if (body.length > MAX_PAYLOAD) {
      listener.onError(decodeURIComponent(requestId), tooLarge);
      return void response.writeHead(413).end();
    } else listener.onAnswer(decodeURIComponent(requestId), body.toString("utf8"));
    response.writeHead(202, { "content-type": "application/json" }).end('{"status":"OK"}');
  };

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the Runtime API has no port");
  return {
    address: `127.0.0.1:${address.port}`,
    give: (invocation) => {
      if (waiting === undefined) throw new Error("the runtime has not asked for an invocation");
      waiting.writeHead(200, headersOf(invocation)).end(invocation.payload);
      waiting = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const tooLarge: FunctionError = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD} bytes).`,
};

const headersOf = ({ requestId, functionArn, deadline, traceId, clientContext }: Invocation): { readonly [name: string]: string } => ({
  "content-type": "application/json",
  "lambda-runtime-aws-request-id": requestId,
  "lambda-runtime-deadline-ms": String(Math.round(deadline)),
  "lambda-runtime-invoked-function-arn": functionArn,
  "lambda-runtime-trace-id": traceId,
  ...(clientContext !== undefined && { "lambda-runtime-client-context": clientContext }),
});

/** Undefined when the runtime died in the middle. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}
