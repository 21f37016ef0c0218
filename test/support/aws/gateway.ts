import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AwsAnswer, AwsProblem } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import type { CallRecorder } from "./call-log.ts";
import type { AwsClock } from "./clock.ts";
import { type Effect, type FaultFinder, throttled } from "./faults.ts";
import type { AccessKeys, Caller } from "./identity.ts";
import type { AwsRequest } from "./request.ts";
import type { Service } from "./service.ts";
import type { Signed } from "./signature/is-signed-with.ts";
import { parseSignature, type Signature } from "./signature/parse-signature.ts";

type Parts = {
  readonly clock: AwsClock;
  readonly keys: AccessKeys;
  readonly calls: CallRecorder;
  readonly faults: FaultFinder;
  readonly services: () => readonly Service[];
};

const NOBODY: Caller = { account: "", arn: "", userId: "" };
/** Instead of an answer: the connection is broken. */
const DROPPED = "dropped";

/** The one address of the fake: finds the service in the signature's scope, checks the signature, applies faults, writes the log. */
export function createGateway(parts: Parts): { readonly server: Server; stop(): Promise<void> } {
  const { clock, keys, calls, faults } = parts;
  const open = new Set<AbortController>();
  let served = 0;

  const answer = async (signed: Signed, signal: AbortSignal): Promise<AwsAnswer | typeof DROPPED> => {
    served += 1;
    const requestId = `00000000-0000-4000-8000-${String(served).padStart(12, "0")}`;
    const signature = parseSignature(signed.headers, signed.query);
    if (signature === undefined) return isConfirmation(signed) ? confirm(signed, requestId, signal) : unsigned(signed);
    const service = parts.services().find(({ name }) => name === signature.service);
    if (service === undefined) return plain(501, "NotInTheFake", `the service ${signature.service} is not in the AWS fake`);
    const request: AwsRequest = { ...signed, body: Buffer.from(signed.body), requestId, region: signature.region, caller: NOBODY, signal };
    try {
      return await serve(service, signature, { ...request, caller: authenticate(keys, clock, signature, signed) });
    } catch (thrown) {
      if (thrown instanceof AwsProblem) return service.refuse(thrown, request);
      throw thrown;
    }
  };

  /** The one thing that is asked without a signature. */
  const confirm = async (signed: Signed, requestId: string, signal: AbortSignal): Promise<AwsAnswer> => {
    const sns = parts.services().find(({ name }) => name === "sns");
    if (sns === undefined) return unsigned(signed);
    const request: AwsRequest = { ...signed, body: Buffer.from(signed.body), requestId, region: "", caller: NOBODY, signal };
    try {
      return await sns.perform(sns.identify(request), request);
    } catch (thrown) {
      if (thrown instanceof AwsProblem) return sns.refuse(thrown, request);
      throw thrown;
    }
  };

  const serve = async (service: Service, signature: Signature, request: AwsRequest): Promise<AwsAnswer | typeof DROPPED> => {
    const { name, input } = service.identify(request);
    const end = calls.record({ at: clock.now(), service: service.name, operation: name, input, region: signature.region, caller: request.caller.arn });
    const effect = faults.find(service.name, name, input, request.caller.arn);
    try {
      if (effect !== undefined) await before(effect, service.name, clock);
      if (effect?.kind === "drop" && effect.when === "before") return DROPPED;
      const truth = await service.perform({ name, input }, request);
      if (effect?.kind === "drop") return DROPPED;
      const given = effect?.kind === "lie" ? effect.answer(truth) : truth;
      end({ status: given.status });
      return given;
    } catch (thrown) {
      if (thrown instanceof AwsProblem) end({ status: thrown.status, problem: thrown.code });
      throw thrown;
    }
  };

  const server = createServer((incoming, outgoing) => {
    const controller = new AbortController();
    open.add(controller);
    outgoing.once("close", () => {
      controller.abort();
      open.delete(controller);
    });
    readRequest(incoming)
      .then((signed) => answer(signed, controller.signal))
      .then((given) => (given === DROPPED ? void incoming.socket.destroy() : write(outgoing, given)))
      .catch((thrown: unknown) => write(outgoing, plain(500, "BugInTheFake", thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))));
  });
  server.keepAliveTimeout = 60_000;

  return {
    server,
    stop: async () => {
      for (const controller of open) controller.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function before(effect: Effect, service: string, clock: AwsClock): Promise<void> {
  switch (effect.kind) {
    case "fail":
      throw new AwsProblem(effect.code, effect.message ?? effect.code, { status: effect.status });
    case "throttle": {
      const { code, message, status } = throttled(service);
      throw new AwsProblem(code, message, { status });
    }
    case "delay":
      return new Promise((resolve) => void clock.after(effect.ms, resolve));
    case "drop":
    case "lie":
      return;
  }
}

/** The SubscribeURL of a confirmation is opened as it is. Source: SNS Developer Guide, "Confirm the subscription". */
const isConfirmation = ({ method, path, query }: Signed): boolean => method === "GET" && path === "/" && query.get("Action") === "ConfirmSubscription";

function unsigned(request: Signed): AwsAnswer {
  const s3 = request.headers["x-amz-target"] === undefined && request.method !== "POST";
  return s3 ? plain(403, "AccessDenied", "Access Denied") : plain(403, "MissingAuthenticationToken", "Missing Authentication Token");
}

const plain = (status: number, code: string, message: string): AwsAnswer => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-errortype": code },
  body: `<Error><Code>${code}</Code><Message>${message.replace(/[<&]/g, " ")}</Message></Error>`,
});

async function readRequest(incoming: IncomingMessage): Promise<Signed> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const [path = "/", query = ""] = splitOnce(incoming.url ?? "/", "?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = Array.isArray(value) ? value.join(",") : (value ?? "");
  return { method: incoming.method ?? "GET", path, query: new URLSearchParams(query.replaceAll("+", "%2B")), headers, body: Buffer.concat(chunks) };
}

function splitOnce(text: string, at: string): readonly string[] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function write(outgoing: ServerResponse, answer: AwsAnswer): void {
  if (outgoing.destroyed) return;
  const length = answer.headers["content-length"] ?? String(Buffer.byteLength(answer.body));
  outgoing.writeHead(answer.status, { ...answer.headers, "content-length": length });
  outgoing.end(answer.body);
}
