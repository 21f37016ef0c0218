import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Connection } from "../kubernetes/connection.ts";
import { createHttpOver, type Http, type HttpOptions } from "../kubernetes/http.ts";
import type { Request, Response } from "../kubernetes/request.ts";
import { type Transport, Unanswered } from "../kubernetes/transport.ts";
import { type Asked, batchSize, MAX_BODY_BYTES, wireText } from "./batch.ts";
import { type GateCall, type GateResponse, MAX_REQUESTS, parseGateReply } from "./call.ts";
import type { LargeAnswers } from "./large-answers.ts";
import { createSealKey, unseal } from "./seal.ts";

/** Invokes the function with that payload and answers its result, both JSON. Throws `Unanswered` where it knows more than that it failed. */
export type InvokeGate = (payload: string, signal: AbortSignal) => Promise<string>;

export type GateHttpOptions = Omit<HttpOptions, "parallel"> & {
  readonly invoke: InvokeGate;
  readonly answers: Pick<LargeAnswers, "take">;
};

/** The connection of a private cluster: of what proves who we are, only a token can be passed on. */
export type GateConnection = Pick<Connection, "server" | "certificateAuthority" | "token" | "userAgent" | "timeout">;

/** A watch is an answer without an end, and an invocation has one. */
export class NoWatchThroughGate extends Error {
  override readonly name = "NoWatchThroughGate";
}

const ANSWER_MS = 60_000;
/** Requests wait for their turn in the gate, */
const TURNS_MS = 10_000;
/** and it may have to start. */
const GATE_MS = TURNS_MS + 5_000;
/** Each invocation under way is a sandbox, with connections of its own to the API server. */
const INVOCATIONS = 4;

/** Requests to an API server that only its VPC reaches: those that are asked at the same time go through the function `gate` together. */
export function createGateHttp(connection: GateConnection, { invoke, answers, ...options }: GateHttpOptions): Http {
  const timeout = connection.timeout ?? ANSWER_MS;
  const over = { timeout: (timeout + GATE_MS) as Milliseconds, ...(connection.token !== undefined && { token: connection.token }) };
  const transport = createGateTransport({ ...connection, timeout: timeout as Milliseconds }, invoke, answers);
  return createHttpOver(transport, over, { ...options, parallel: MAX_REQUESTS * INVOCATIONS });
}

type Waiting = Asked & {
  settle(response: GateResponse): void;
  fail(error: unknown): void;
  /** Nobody waits for it any more. */
  readonly given: () => boolean;
  flying: boolean;
};

function createGateTransport(
  connection: GateConnection & { readonly timeout: Milliseconds },
  invoke: InvokeGate,
  answers: Pick<LargeAnswers, "take">,
): Transport {
  let waiting: readonly Waiting[] = [];
  let invocations = 0;
  let planned = false;

  /** Once all who ask in this turn of the event loop have asked. */
  function plan(): void {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      fly();
    });
  }

  function fly(): void {
    waiting = waiting.filter((one) => !one.given());
    while (waiting.length > 0 && invocations < INVOCATIONS) {
      const size = batchSize(waiting);
      const batch = waiting.slice(0, size);
      waiting = waiting.slice(size);
      invocations++;
      void passThrough(batch).finally(() => {
        invocations--;
        plan();
      });
    }
  }

  async function passThrough(batch: readonly Waiting[]): Promise<void> {
    for (const one of batch) one.flying = true;
    try {
      const responses = await ask(batch);
      for (const [index, one] of batch.entries()) one.settle(responses[index] ?? { failed: "no response", sent: true, passing: false });
    } catch (error) {
      const unanswered = error instanceof Unanswered ? error : new Unanswered(error, { sent: true, passing: false });
      for (const one of batch) one.fail(unanswered);
    }
  }

  async function ask(batch: readonly Waiting[]): Promise<readonly GateResponse[]> {
    const sealKey = createSealKey();
    const token = batch[0]?.token;
    const envelope: Omit<GateCall, "requests"> = {
      server: connection.server,
      certificateAuthority: pemOf(connection.certificateAuthority),
      timeout: connection.timeout,
      total: connection.timeout + TURNS_MS,
      sealKey,
      ...(token !== undefined && { token }),
      ...(connection.userAgent !== undefined && { userAgent: connection.userAgent }),
    };
    const payload = `${JSON.stringify(envelope).slice(0, -1)},"requests":[${batch.map(({ text }) => text).join(",")}]}`;
    const first = parseGateReply(await invoke(payload, AbortSignal.timeout(connection.timeout + GATE_MS)), batch.length);
    const reply = "stored" in first ? parseGateReply(unseal(await answers.take(first.stored), sealKey), batch.length) : first;
    if ("responses" in reply) return reply.responses;
    throw new Error(`the gate gave ${"problem" in reply ? reply.problem : "a reply that lies elsewhere twice"}`);
  }

  const send = (request: Request, token: string | undefined, signal: AbortSignal): Promise<Response> =>
    new Promise((resolve, reject) => {
      if (Buffer.byteLength(request.body ?? "") > MAX_BODY_BYTES) return resolve(tooLarge());
      let given = signal.aborted;
      const end = (): void => {
        given = true;
        reject(new Unanswered(signal.reason, { sent: one.flying, passing: false }));
      };
      const finish = (act: () => void): void => {
        signal.removeEventListener("abort", end);
        act();
      };
      const one: Waiting = {
        token,
        text: wireText(request),
        flying: false,
        given: () => given,
        settle: (response) => finish(() => ("code" in response ? resolve(response) : reject(unansweredAt(response)))),
        fail: (error) => finish(() => reject(error)),
      };
      if (given) return end();
      signal.addEventListener("abort", end, { once: true });
      waiting = [...waiting, one];
      plan();
    });

  return {
    send,
    open: () => Promise.reject(new NoWatchThroughGate("watches cannot be had through a gate: list, and list again")),
    close: () => undefined,
  };
}

const unansweredAt = ({ failed, sent, passing }: Extract<GateResponse, { readonly failed: string }>): Unanswered =>
  new Unanswered(new Error(failed), { sent, passing });

const pemOf = (pem: Uint8Array | string | undefined): string => (typeof pem === "string" ? pem : Buffer.from(pem ?? []).toString("utf8"));

/** As a kube-apiserver answers it, which would read no further either. Source: apimachinery NewRequestEntityTooLargeError. */
const tooLarge = (): Response => ({
  code: 413,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `Request entity too large: limit is ${MAX_BODY_BYTES}`,
    reason: "RequestEntityTooLarge",
    code: 413,
  }),
});
