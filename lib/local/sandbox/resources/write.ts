import { randomUUID } from "node:crypto";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import { resetFieldsOf } from "../field-management/reset-fields.ts";
import { trackScale } from "../field-management/scale.ts";
import { keepTimes, trackUpdate } from "../field-management/update.ts";
import { alreadyExists, conflict, notFound } from "../http/status.ts";
import { defaultBuiltIn } from "../kinds/defaults.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { applyDefaults } from "../schema/defaults.ts";
import { invalid } from "../schema/field-error.ts";
import { admitNew } from "./admission.ts";
import type { Answer, Cluster, Target, Writing } from "./context.ts";
import { namedDefinition, preparedDefinition } from "./definitions.ts";
import { invalidObject, MODIFIED, namespaceTerminating, otherUid } from "./failures.ts";
import { isSame, metadataOfNew, metadataOfUpdated, withGeneration } from "./metadata.ts";
import { labelled, preparedUpdate, prepareNew, withoutStatus } from "./prepare.ts";
import { validateObject } from "./rules.ts";
import { scaleOf } from "./scale.ts";
import { addressFamilyErrors, withAddresses } from "./service-addresses.ts";
import { withTemplateGeneration } from "./template-generation.ts";
import { needsResourceVersion } from "./traits.ts";
import { convert, type Views } from "./views.ts";
import { webhookProblem } from "./webhooks.ts";

export type Writes = {
  /** `tracked`: managedFields are set already (server-side apply). */
  create(target: Target, object: Manifest, writing: Writing, tracked?: boolean): Answer<Manifest>;
  /** Replaces `live` (as `target.kind` sees it) by `next`. `unconditional`: no resourceVersion of `next` is compared. */
  update(target: Target, next: Manifest, writing: Writing, options?: UpdateOptions): Answer<Manifest>;
  /** The object in the version of `target.kind`. */
  live(target: Target): Manifest | undefined;
};

export type UpdateOptions = {
  readonly tracked?: boolean;
  /** A PUT's rules about uid and resourceVersion; patches have others. */
  readonly put?: boolean;
};

/** `createUid`: what each new object is known by; random unless said. */
export type WriteDeps = Cluster & { readonly views: Views; readonly createUid?: (() => string) | undefined };

export const NAMESPACES = { group: "", plural: "namespaces" } as const;

export function createWrites(deps: WriteDeps): Writes {
  const { memory, registry, views, createUid = randomUUID } = deps;
  const time = (): string => formatTime(deps.now());
  const stored = (target: Target): ResourceKind => registry.stored(target.resource) ?? target.kind;
  const toStorage = (target: Target, object: Manifest): Manifest => convert(stored(target), object);

  const live = (target: Target): Manifest | undefined => {
    const held = memory.get(target.resource, target.namespace, target.name);
    return held === undefined ? undefined : views.in(target.kind, held);
  };

  const track = (target: Target, before: Manifest | undefined, after: Manifest, writing: Writing): Manifest => {
    if (target.subresource === "scale" && before !== undefined) {
      const scale = { scaleBefore: asScale(target.kind, before), scaleAfter: asScale(target.kind, after) };
      return trackScale({ before, after, ...scale, replicasPath: target.kind.scale?.specReplicasPath ?? "", manager: writing.manager, time: time() });
    }
    return trackUpdate({
      schema: target.kind.schema,
      before,
      after,
      manager: writing.manager,
      time: time(),
      reset: resetFieldsOf(target.kind, target.subresource),
      ...(target.subresource !== "" && { subresource: target.subresource }),
    });
  };

  const create: Writes["create"] = (target, object, writing, tracked = false) => {
    const { kind, resource, namespace } = target;
    const metadata = metadataOfNew(kind, object.metadata, { namespace, uid: createUid(), time: time() });
    const named = namedDefinition(kind, labelled(kind, { ...object, metadata }));
    const closed = namespaceProblem(deps, target, metadata.name ?? "");
    if (closed !== undefined) return problem(closed);
    const defaulted = withDefaults(kind, withoutStatus(kind, named), undefined);
    const counted = withTemplateGeneration(kind, defaulted, undefined);
    const owned = tracked ? counted : track(target, undefined, counted, writing);
    const families = writing.trusted === true ? [] : addressFamilyErrors(kind, owned);
    if (families.length > 0) return problem(invalidObject(kind, metadata.name ?? "", families));
    const placed = preparedDefinition(kind, prepareNew(kind, withAddresses(memory, kind, owned, undefined), time()), undefined);
    const admitted = admitNew(memory, kind, placed, writing.trusted === true);
    if (!admitted.ok) return admitted;
    const prepared = admitted.value;
    const asked = { operation: "CREATE", target, object: prepared, old: undefined } as const;
    const closedBy = writing.trusted === true ? undefined : webhookProblem(deps, { stage: "mutating", ...asked });
    if (closedBy !== undefined) return problem(closedBy);
    const errors = writing.trusted === true ? [] : validateObject(kind, prepared, undefined);
    if (errors.length > 0) return problem(invalidObject(kind, metadata.name ?? "", errors));
    const refused = writing.trusted === true ? undefined : webhookProblem(deps, { stage: "validating", ...asked });
    if (refused !== undefined) return problem(refused);
    if (memory.get(resource, namespace, metadata.name ?? "") !== undefined)
      return problem(alreadyExists({ group: kind.group, plural: kind.plural }, metadata.name ?? ""));
    if (writing.dryRun) return ok(prepared);
    const held = memory.put(resource, toStorage(target, prepared));
    return ok(views.in(kind, held));
  };

  const update: Writes["update"] = (target, next, writing, options = {}) => {
    const { kind, resource } = target;
    const gr = { group: kind.group, plural: kind.plural };
    const before = live(target);
    if (before === undefined) return problem(notFound(gr, target.name));
    // Controllers look again and again, and mostly say what is there.
    if (writing.trusted === true && !writing.dryRun && !finished(before) && isSame(next, before)) return ok(before);
    const refused = preconditionProblem(target, next, before, options.put === true);
    if (refused !== undefined) return refused;
    const carried = { ...next, metadata: metadataOfUpdated(next.metadata, before.metadata) };
    const named = namedDefinition(kind, labelled(kind, preparedUpdate(kind, target.subresource, carried, before)));
    const defaulted = withTemplateGeneration(kind, withDefaults(kind, named, before), before);
    const families = writing.trusted === true || target.subresource !== "" ? [] : addressFamilyErrors(kind, defaulted);
    if (families.length > 0) return problem(invalidObject(kind, target.name, families));
    const addressed = target.subresource === "" ? withAddresses(memory, kind, defaulted, before) : defaulted;
    const counted = target.subresource === "" || target.subresource === "scale" ? withGeneration(kind, addressed, before) : addressed;
    const owned = options.tracked === true ? counted : track(target, before, counted, writing);
    const prepared = keepTimes(before, target.subresource === "" ? preparedDefinition(kind, owned, before) : owned);
    const asked = { operation: "UPDATE", target, object: prepared, old: before } as const;
    const closedBy = writing.trusted === true ? undefined : webhookProblem(deps, { stage: "mutating", ...asked });
    if (closedBy !== undefined) return problem(closedBy);
    const errors = writing.trusted === true ? [] : validateObject(kind, prepared, before);
    if (errors.length > 0) return problem(invalidObject(kind, target.name, errors));
    const denied = writing.trusted === true ? undefined : webhookProblem(deps, { stage: "validating", ...asked });
    if (denied !== undefined) return problem(denied);
    if (isSame(prepared, before)) return ok(finished(prepared) && !writing.dryRun ? removed(target, before) : before);
    if (writing.dryRun) return ok(prepared);
    // Never stored: what is answered has the resourceVersion that it had. Source: apiserver Store.deleteWithoutFinalizers.
    if (finished(prepared)) return ok(removed(target, prepared));
    return ok(views.in(kind, memory.put(resource, toStorage(target, prepared))));
  };

  /** The last finalizer is gone: so is the object. */
  const removed = (target: Target, last: Manifest): Manifest => {
    memory.remove(target.resource, target.namespace, target.name);
    return last;
  };

  return { create, update, live };
}

/** Custom resources have the defaults of their schema, built-in kinds those of the server's code. */
const withDefaults = (kind: ResourceKind, object: Manifest, old: Manifest | undefined): Manifest =>
  kind.custom ? applyDefaults(kind.schema, object) : defaultBuiltIn(kind, object, old);

/** For the owners of its fields: what it shows of the object's own metadata is nobody's. */
const asScale = (kind: ResourceKind, object: Manifest): Manifest => ({ ...scaleOf(kind, object), apiVersion: "autoscaling/v1", kind: "Scale", metadata: {} });

/** Being deleted, with nothing left to wait for. */
export function finished(object: Manifest): boolean {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || graceOf(object) > 0) return false;
  if (object.apiVersion !== "v1" || object.kind !== "Namespace") return true;
  const spec: unknown = object.spec;
  const held = typeof spec === "object" && spec !== null && "finalizers" in spec ? spec.finalizers : undefined;
  return !Array.isArray(held) || held.length === 0;
}

/** How long a Pod that is being deleted may still run, in seconds. */
export function graceOf(object: Manifest): number {
  const given: { readonly [field: string]: unknown } = object.metadata;
  const { deletionGracePeriodSeconds } = given;
  return typeof deletionGracePeriodSeconds === "number" ? deletionGracePeriodSeconds : 0;
}

function preconditionProblem(target: Target, next: Manifest, live: Manifest, put: boolean): Answer<never> | undefined {
  const { kind } = target;
  const gr = { group: kind.group, plural: kind.plural };
  const uid = next.metadata.uid ?? "";
  if (put && uid !== "" && uid !== live.metadata.uid) return problem(otherUid(gr, live, uid, live.metadata.uid ?? ""));
  const version = next.metadata.resourceVersion ?? "";
  if (version !== "" && version !== "0" && version !== live.metadata.resourceVersion) return problem(conflict(gr, target.name, MODIFIED));
  if (put && needsResourceVersion(kind) && version === "") {
    return problem(
      invalidObject({ group: kind.group, kind: kind.custom ? kind.plural : kind.kind }, target.name, [
        invalid("metadata.resourceVersion", kind.custom ? 0 : "", "must be specified for an update"),
      ]),
    );
  }
  return undefined;
}

/** Why nothing new may come into the namespace. */
function namespaceProblem({ memory }: Cluster, target: Target, name: string) {
  if (target.namespace === "") return undefined;
  const namespace = memory.get(NAMESPACES, "", target.namespace);
  if (namespace === undefined) return notFound(NAMESPACES, target.namespace);
  if (namespace.metadata.deletionTimestamp === undefined) return undefined;
  return namespaceTerminating({ group: target.kind.group, plural: target.kind.plural }, name, target.namespace);
}
