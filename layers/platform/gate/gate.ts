import { randomUUID } from "node:crypto";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import { pathOnly } from "../kubernetes/http.ts";
import type { Request } from "../kubernetes/request.ts";
import { createTransport, type Transport, Unanswered } from "../kubernetes/transport.ts";
import { createTurns } from "../kubernetes/turns.ts";
import { type GateCall, type GateReply, type GateResponse, parseGateCall, plainRequest } from "./call.ts";
import { isAllowedServer } from "./hosts.ts";
import type { LargeAnswers } from "./large-answers.ts";
import { seal } from "./seal.ts";

export type GateOptions = {
  /** As `isAllowedServer` reads it. */
  readonly allowed: readonly string[];
  /** Asked for when an answer is too large, and not before. */
  readonly answers: () => Promise<Pick<LargeAnswers, "put">>;
  readonly log: Log;
  readonly clock: Clock;
};

export type Gate = {
  /** Sends the requests of one call and answers in their order; `signal` ends those that are under way. Throws when it is no call, or not for it. */
  handle(event: unknown, signal: AbortSignal): Promise<GateReply>;
  close(): void;
};

/** A synchronous invocation answers with up to 6 MB. Source: Lambda quotas. */
export const MAX_REPLY_BYTES = 6_000_000;
const PARALLEL = 16;

/** What runs inside a private cluster's VPC: it passes requests on, once each, and knows nothing of what they are for. */
export function createGate({ allowed, answers, log, clock }: GateOptions): Gate {
  const turns = createTurns(PARALLEL);
  let kept: { readonly id: string; readonly transport: Transport } | undefined;

  /** One cluster is behind a gate; another server, or another authority, means that it was made anew. */
  function transportOf({ server, certificateAuthority, userAgent }: GateCall): Transport {
    const id = JSON.stringify([server, certificateAuthority, userAgent]);
    if (kept?.id !== id) {
      kept?.transport.close();
      kept = { id, transport: createTransport({ server, certificateAuthority, ...(userAgent !== undefined && { userAgent }) }, { sockets: PARALLEL }) };
    }
    return kept.transport;
  }

  async function pass(transport: Transport, call: GateCall, request: Request, signal: AbortSignal): Promise<GateResponse> {
    const started = clock.now();
    const said = (): { verb: string; path: string; ms: number } => ({ verb: request.method, path: pathOnly(request), ms: clock.now() - started });
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(call.timeout)]);
      const { code, headers, body } = await transport.send(request, call.token, within);
      log.info("request", { ...said(), code });
      return { code, headers: headersOf(headers), body };
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      log.error("request", { ...said(), error: failed });
      return { failed, sent: !(error instanceof Unanswered) || error.sent, passing: error instanceof Unanswered && error.passing };
    }
  }

  async function respond(transport: Transport, call: GateCall, request: Request, signal: AbortSignal): Promise<GateResponse> {
    try {
      return await turns.take(() => pass(transport, call, request, signal), signal);
    } catch {
      return { failed: "the gate's time was over before its turn came", sent: false, passing: true };
    }
  }

  return {
    handle: async (event, signal) => {
      const call = parseGateCall(event);
      if (!isAllowedServer(call.server, allowed)) throw new Error("gate: this server is not in the list of those that it may speak to");
      const transport = transportOf(call);
      const within = AbortSignal.any([signal, AbortSignal.timeout(call.total)]);
      const responses = await Promise.all(call.requests.map((request) => respond(transport, call, plainRequest(request), within)));
      const text = JSON.stringify({ responses });
      if (Buffer.byteLength(text) <= MAX_REPLY_BYTES) return { responses };
      const key = `gate/${randomUUID()}`;
      await (await answers()).put(key, seal(text, call.sealKey));
      return { stored: key };
    },
    close: () => kept?.transport.close(),
  };
}

/** Those that somebody reads. */
const headersOf = (headers: Extract<GateResponse, { readonly code: number }>["headers"]): typeof headers => ({
  ...(headers["retry-after"] !== undefined && { "retry-after": headers["retry-after"] }),
  ...(headers["content-type"] !== undefined && { "content-type": headers["content-type"] }),
});
