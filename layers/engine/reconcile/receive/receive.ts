import { keyText } from "../../domain/object-key.ts";
import { ms } from "../../domain/time.ts";
import type { ObjectItem } from "../../domain/work-item.ts";
import { KINDS } from "../../flux/kinds.ts";
import { goTimeText } from "../../receivers/go-time.ts";
import { routeOf } from "../../receivers/route.ts";
import { digestInPath } from "../../receivers/webhook-path.ts";
import { inParallel } from "../in-parallel.ts";
import { answered } from "./answered.ts";
import type { ReceiveDeps } from "./deps.ts";
import type { ReceivedAnswer, ReceivedRequest } from "./exchange.ts";
import { type End, receiveAt } from "./receive-at.ts";

/** Answers one request. Throws for nothing that a request, a Receiver or a cluster that is silent can cause. */
export type Receive = (request: ReceivedRequest) => Promise<ReceivedAnswer>;

/** Source: reference 4.4. */
const MAX_BODY = 3 * 1024 * 1024;
const NOT_FOUND = { body: "404 page not found\n", headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" } };

/** Of several Receivers with one path the first of these that one of them answers: what could not be annotated is said, then what was. */
const CODES = [500, 200, 400, 503, 404] as const satisfies readonly End["code"][];

/** One for each process. Nothing of a request is logged but how big it was. Source: reference 4.4. */
export function createReceive(deps: ReceiveDeps): Receive {
  const began = deps.clock.now();

  async function askAll(request: ReceivedRequest, requestedAt: string): Promise<readonly End[]> {
    if (digestInPath(request.path) === undefined) return [];
    const places = await answered(deps.log, "Receivers", () => deps.findReceivers(request.path));
    if (places === undefined) return [BROKEN];
    return inParallel(places, deps.settings.parallel, async (place) => {
      const object = keyText({ ...place, group: KINDS.Receiver.group, kind: KINDS.Receiver.kind });
      const end = (await answered(deps.log, object, () => receiveAt(deps, request, place, requestedAt))) ?? BROKEN;
      deps.log.info("webhook", { object, code: end.code, why: end.why, bytes: request.body.length, annotated: end.annotated.length });
      return end;
    });
  }

  return async (request) => {
    const now = deps.clock.now();
    const requestedAt = goTimeText(now, ms(Math.max(0, now - began)));
    const nothing = { body: "", headers: {}, annotated: [], requestedAt };
    const route = routeOf(request.path);
    if (route.kind === "moved") return { ...nothing, code: 307, headers: { location: route.location } };
    if (route.kind === "elsewhere") return { ...nothing, code: 404, ...NOT_FOUND };
    if (request.body.length > MAX_BODY) return { ...nothing, code: 413 };
    const ends = await askAll(request, requestedAt);
    const code = CODES.find((candidate) => ends.some((end) => end.code === candidate)) ?? 404;
    return { ...nothing, code, annotated: ends.flatMap(({ annotated }) => annotated) };
  };
}

const BROKEN: End = { code: 500, annotated: [], why: "it broke off" };

/** The looks that an answer asks for: for the queues, at once. A sweep or a watch would find the annotations, only later. */
export const itemsOf = ({ annotated, requestedAt }: Pick<ReceivedAnswer, "annotated" | "requestedAt">): readonly ObjectItem[] =>
  annotated.map((key) => ({ kind: "object", key, cause: "request", look: `request ${requestedAt}` }));
