import { findCondition, isTrue } from "../../domain/condition.ts";
import type { ObjectKey } from "../../domain/object-key.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import { parseReceiver, type Receiver } from "../../flux/receiver-object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { isSame } from "../../receivers/constant-time.ts";
import { compileFilters } from "../../receivers/filters.ts";
import { NO_SECRET, type ReceiverSecret, receiverSecretOf } from "../../receivers/receiver-secret.ts";
import { requestVariable } from "../../receivers/request-variable.ts";
import { validate } from "../../receivers/validate.ts";
import { annotateResources } from "./annotate.ts";
import type { ReceiveDeps, ReceiverPlace } from "./deps.ts";
import type { ReceivedAnswer, ReceivedRequest } from "./exchange.ts";

/** What one Receiver makes of a request. `why` is for the log. */
export type End = { readonly code: Exclude<ReceivedAnswer["code"], 307 | 413>; readonly annotated: readonly ObjectKey[]; readonly why: string };

const refused = (code: End["code"], why: string): End => ({ code, annotated: [], why });

/** A ladder: is it there, is it ready, is the sender who it should be, and then what it names is annotated. Throws when the cluster does not answer. */
export async function receiveAt(deps: ReceiveDeps, request: ReceivedRequest, place: ReceiverPlace, requestedAt: string): Promise<End> {
  const cluster = await deps.clusterNamed(place.cluster);
  if (cluster === undefined) return refused(404, "there is no such cluster any more");
  const found = await findReceiver(cluster, place, request.path);
  if (found.kind === "end") return found.end;
  const { receiver } = found;
  if (receiver.spec.suspend) return refused(503, "the Receiver is suspended");
  if (!isReady(receiver)) return refused(503, "the Receiver is not ready");
  const secret = await readSecret(cluster, receiver);
  if (!secret.ok) return refused(400, secret.problem);
  const accepted = await validate(request, { spec: receiver.spec, secret: secret.value, documents: deps.documents, now: deps.clock.now() });
  if (!accepted.ok) return refused(400, accepted.problem);
  const filters = compileFilters(receiver.spec);
  if (!filters.ok) return refused(500, filters.problem);
  const req = requestVariable(request, accepted.value);
  const variables = req.ok ? ok({ req: req.value, ...(accepted.value.claims !== undefined && { claims: accepted.value.claims }) }) : req;
  const { log, settings } = deps;
  const { annotated, failed } = await annotateResources(
    { cluster, clusterName: place.cluster, log, settings },
    { receiver, filters: filters.value, variables, requestedAt },
  );
  return failed === 0 ? { code: 200, annotated, why: "accepted" } : { code: 500, annotated, why: `${failed} could not be annotated` };
}

type Found = { readonly kind: "found"; readonly receiver: Receiver } | { readonly kind: "end"; readonly end: End };

/** The cluster decides whether a path is a Receiver's: whoever pointed here may have done so long ago. */
async function findReceiver(cluster: Cluster, { namespace, name }: ReceiverPlace, path: string): Promise<Found> {
  const answer = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.Receiver), kind: KINDS.Receiver.kind, namespace, name });
  if (answer.kind === "absent") return { kind: "end", end: refused(404, "there is no such Receiver any more") };
  if (answer.kind === "refused") return { kind: "end", end: refused(500, answer.message) };
  const parsed = parseReceiver(answer.object);
  if (!parsed.ok) return { kind: "end", end: refused(503, parsed.problem) };
  if (!isSame(parsed.value.status.webhookPath ?? "", path)) return { kind: "end", end: refused(404, "the Receiver has another path") };
  return { kind: "found", receiver: parsed.value };
}

/** Source: reference 0.2. */
function isReady({ status }: Receiver): boolean {
  const conditions = status.conditions ?? [];
  return findCondition(conditions, "Ready")?.status === "True" && !isTrue(conditions, "Stalled") && !isTrue(conditions, "Reconciling");
}

/** As it is at this moment: a token that was changed counts at once, whatever path it has led to. */
async function readSecret(cluster: Cluster, { metadata, spec }: Receiver): Promise<Result<ReceiverSecret>> {
  if (spec.secretRef === undefined) return ok(NO_SECRET);
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace: metadata.namespace, name: spec.secretRef });
  if (answer.kind !== "found") return problem("the Secret could not be read");
  const secret = receiverSecretOf(answer.object);
  return secret.reveal("token") === undefined ? problem("the Secret has no token") : ok(secret);
}
