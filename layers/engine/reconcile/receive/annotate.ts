import type { Expression } from "../../cel/expression.ts";
import type { JsonObject } from "../../domain/json.ts";
import { groupOf, type Manifest, type ObjectRef, refOf, subjectOf } from "../../domain/manifest.ts";
import type { ObjectKey } from "../../domain/object-key.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { REQUESTED_AT } from "../../flux/object.ts";
import type { Receiver, ReceiverResource } from "../../flux/receiver-object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Log } from "../../ports/log.ts";
import type { Filters } from "../../receivers/filters.ts";
import { wantedBy } from "../../receivers/resource-ref.ts";
import { inParallel } from "../in-parallel.ts";
import type { Settings } from "../settings.ts";
import { answered } from "./answered.ts";

export type AnnotateDeps = {
  readonly cluster: Cluster;
  readonly clusterName: string;
  readonly log: Log;
  readonly settings: Pick<Settings, "noCrossNamespaceRefs" | "parallel">;
};

/** What a valid request asks for. `variables`: of the filters beside `res`, or why there are none. */
export type Asked = {
  readonly receiver: Receiver;
  readonly filters: Filters;
  readonly variables: Result<{ readonly [name: string]: JsonObject }>;
  /** The value of the annotation. */
  readonly requestedAt: string;
};

/** `failed`: of the entries of `spec.resources`, or the objects that they mean, so many could not be seen to. */
export type Annotated = { readonly annotated: readonly ObjectKey[]; readonly failed: number };

const MANAGER = "notification-controller";

/** Asks for a look at everything that the Receiver names and its filters let through. What fails keeps nothing else from it. Source: reference 4.4. */
export async function annotateResources(deps: AnnotateDeps, asked: Asked): Promise<Annotated> {
  const entries = await inParallel([...asked.receiver.spec.resources.entries()], deps.settings.parallel, ([index, resource]) =>
    annotateEntry(deps, asked, resource, filtersAt(asked.filters, index)),
  );
  const all = entries.flatMap(({ annotated }) => annotated);
  return { annotated: withoutRepeats(all), failed: entries.reduce((sum, { failed }) => sum + failed, 0) };
}

const filtersAt = ({ overall, own }: Filters, index: number): readonly Expression<boolean>[] => [overall, own[index]].filter((filter) => filter !== undefined);

const FAILED: Annotated = { annotated: [], failed: 1 };

async function annotateEntry(deps: AnnotateDeps, asked: Asked, resource: ReceiverResource, filters: readonly Expression<boolean>[]): Promise<Annotated> {
  const found = await answered(deps.log, resource.kind, () => findObjects(deps, asked, resource, filters.length > 0));
  if (found === undefined) return FAILED;
  const namespace = resource.namespace ?? asked.receiver.metadata.namespace;
  if (!found.ok) return failedAt(deps, `${resource.kind}/${namespace}/${resource.name}`, found.problem);
  const ends = await inParallel(found.value, deps.settings.parallel, async (object) => {
    const passed = passesAll(filters, object, asked.variables);
    if (!passed.ok) return failedAt(deps, subjectOf(refOf(object)), passed.problem);
    if (!passed.value) return { annotated: [], failed: 0 };
    return annotateOne(deps, refOf(object), asked.requestedAt);
  });
  return { annotated: ends.flatMap(({ annotated }) => annotated), failed: ends.reduce((sum, { failed }) => sum + failed, 0) };
}

/** An object that no filter wants to see is not read: the patch says whether it is there. */
async function findObjects(
  { cluster, settings }: AnnotateDeps,
  { receiver }: Asked,
  resource: ReceiverResource,
  isFiltered: boolean,
): Promise<Result<readonly Manifest[]>> {
  const { kind, name } = resource;
  const wanted = wantedBy(resource, { ownNamespace: receiver.metadata.namespace, noCrossNamespaceRefs: settings.noCrossNamespaceRefs });
  if (!wanted.ok) return wanted;
  const { apiVersion, namespace } = wanted.value;
  if (wanted.value.kind === "labelled") {
    const { labelSelector } = wanted.value;
    const answer = await cluster.list({ apiVersion, kind, namespace, ...(labelSelector !== "" && { labelSelector }) });
    return answer.kind === "listed" ? ok(answer.items) : problem(answer.message);
  }
  if (!isFiltered) return ok([{ apiVersion, kind, metadata: { name, namespace } }]);
  const answer = await cluster.get({ apiVersion, kind, namespace, name });
  return answer.kind === "found" ? ok([answer.object]) : problem(answer.message);
}

/** Filters see of an object what it is called, and what is written on it. What they fail over may be a part of the request: it is not passed on. */
function passesAll(filters: readonly Expression<boolean>[], { apiVersion, kind, metadata }: Manifest, variables: Asked["variables"]): Result<boolean> {
  if (filters.length === 0) return ok(true);
  if (!variables.ok) return variables;
  for (const filter of filters) {
    const answer = filter.evaluate({ ...variables.value, res: { apiVersion, kind, metadata } });
    if (answer.kind === "failed") return problem("a filter could not be evaluated");
    if (!answer.value) return ok(false);
  }
  return ok(true);
}

async function annotateOne(deps: AnnotateDeps, ref: ObjectRef, requestedAt: string): Promise<Annotated> {
  const merge = { metadata: { annotations: { [REQUESTED_AT]: requestedAt } } };
  const answer = await answered(deps.log, subjectOf(ref), () => deps.cluster.patch(ref, { body: { type: "merge", merge }, manager: MANAGER }));
  if (answer === undefined) return FAILED;
  if (answer.kind === "patched") return { annotated: [keyOf(deps.clusterName, ref)], failed: 0 };
  return failedAt(deps, subjectOf(ref), answer.kind === "stale" ? "the object has moved on" : answer.message);
}

function failedAt({ log }: AnnotateDeps, object: string, why: string): Annotated {
  log.error("webhook: not annotated", { object, error: why });
  return FAILED;
}

const keyOf = (cluster: string, { apiVersion, kind, namespace = "", name }: ObjectRef): ObjectKey => ({
  cluster,
  group: groupOf(apiVersion),
  kind,
  namespace,
  name,
});

const withoutRepeats = (keys: readonly ObjectKey[]): readonly ObjectKey[] => [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
