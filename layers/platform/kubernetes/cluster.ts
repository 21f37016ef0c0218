import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { groupOf, type Manifest, type ObjectRef, versionOf } from "@sluice/engine/domain/manifest.ts";
import type {
  ApplyAnswer,
  ApplyOptions,
  Cluster,
  CreateAnswer,
  DeleteAnswer,
  GetAnswer,
  ListAnswer,
  ListQuery,
  Patch,
  PatchAnswer,
  Refusal,
  ReplaceAnswer,
  WriteOptions,
} from "@sluice/engine/ports/cluster.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Http } from "./http.ts";
import { collectionPath, objectPath, query, segmentProblem } from "./paths.ts";
import type { Request, Response } from "./request.ts";
import { isStatus, parseJson, parseRefusal } from "./status.ts";

const PAGE = 1000;

const PATCH_TYPES: { readonly [Type in Patch["body"]["type"]]: string } = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
};

/** A server that does not know it (an aggregated one) answers with the whole object. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const kindOf = ({ apiVersion, kind }: ObjectRef): Pick<ObjectRef, "apiVersion" | "kind"> => ({ apiVersion, kind });

/** A cluster through its API server; with `impersonate`, as that user and in no group but its own. */
export function createCluster(http: Http, kinds: Kinds, impersonate?: { readonly user: string }): Cluster {
  const headers = impersonate === undefined ? {} : { "impersonate-user": impersonate.user };
  const send = (request: Request): Promise<Response> => http.send({ ...request, headers });

  async function get(ref: ObjectRef, part?: "metadata"): Promise<GetAnswer> {
    const wrong = pathProblem(ref.namespace, ref.name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(ref.apiVersion, ref.kind);
    if (kind === undefined) return unknownKind(ref);
    const answer = await send({ method: "GET", path: objectPath(kind, ref.namespace, ref.name), ...(part !== undefined && { accept: METADATA_ONLY }) });
    if (answer.code === 200) return { kind: "found", object: part === undefined ? parseObject(answer, ref) : { ...parseObject(answer, ref), ...kindOf(ref) } };
    const refused = refusalOf(answer, ref, `GET ${ref.kind}/${ref.name}`);
    return refused.code === 404 ? { kind: "absent", message: refused.message } : refused;
  }

  async function list(asked: ListQuery): Promise<ListAnswer> {
    const wrong = pathProblem(asked.namespace, undefined);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(asked.apiVersion, asked.kind);
    if (kind === undefined) return unknownKind(asked);
    let items: readonly Manifest[] = [];
    let limit: string | undefined = String(PAGE);
    let next: string | undefined;
    for (;;) {
      const page = { limit, labelSelector: asked.labelSelector, continue: next };
      const answer = await send({ method: "GET", path: collectionPath(kind, asked.namespace) + query(page) });
      if (answer.code === 410 && next !== undefined) {
        // The pages took so long that the server has forgotten where they began: all at once, then.
        items = [];
        limit = undefined;
        next = undefined;
        continue;
      }
      if (answer.code !== 200) return refusalOf(answer, asked, `LIST ${asked.kind}`);
      const read = parseList(answer, asked);
      items = [...items, ...read.items];
      next = read.next;
      if (next === undefined) return { kind: "listed", items, resourceVersion: read.resourceVersion };
    }
  }

  async function apply(manifest: Manifest, options: ApplyOptions): Promise<ApplyAnswer> {
    const wrong = pathProblem(manifest.metadata.namespace, manifest.metadata.name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(manifest.apiVersion, manifest.kind);
    if (kind === undefined) return unknownKind(manifest);
    const parameters = {
      fieldManager: options.manager,
      force: options.force ? "true" : undefined,
      dryRun: options.dryRun ? "All" : undefined,
      fieldValidation: options.strict === true ? "Strict" : undefined,
    };
    const path = objectPath(kind, manifest.metadata.namespace, manifest.metadata.name ?? "") + query(parameters);
    const answer = await send({ method: "PATCH", path, body: JSON.stringify(manifest), contentType: "application/apply-patch+yaml" });
    if (answer.code === 201) return { kind: "created", object: parseObject(answer, manifest) };
    if (answer.code === 200) return { kind: "configured", object: parseObject(answer, manifest) };
    return refusalOf(answer, manifest, `APPLY ${manifest.kind}/${manifest.metadata.name}`);
  }

  async function create(manifest: Manifest, { manager }: WriteOptions): Promise<CreateAnswer> {
    const { namespace, name = "" } = manifest.metadata;
    const wrong = pathProblem(namespace, name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(manifest.apiVersion, manifest.kind);
    if (kind === undefined) return unknownKind(manifest);
    const path = collectionPath(kind, namespace) + query({ fieldManager: manager });
    const answer = await send({ method: "POST", path, body: JSON.stringify(manifest), contentType: "application/json", repeatable: name !== "" });
    if (answer.code === 201) return { kind: "created", object: parseObject(answer, manifest) };
    const refused = refusalOf(answer, manifest, `CREATE ${manifest.kind}/${name}`);
    return refused.reason === "AlreadyExists" ? { kind: "exists", message: refused.message } : refused;
  }

  async function replace(manifest: Manifest, { manager }: WriteOptions): Promise<ReplaceAnswer> {
    const { namespace, name = "" } = manifest.metadata;
    const wrong = pathProblem(namespace, name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(manifest.apiVersion, manifest.kind);
    if (kind === undefined) return unknownKind(manifest);
    const path = objectPath(kind, namespace, name) + query({ fieldManager: manager });
    const answer = await send({ method: "PUT", path, body: JSON.stringify(manifest), contentType: "application/json" });
    if (answer.code === 200) return { kind: "replaced", object: parseObject(answer, manifest) };
    const refused = refusalOf(answer, manifest, `REPLACE ${manifest.kind}/${name}`);
    if (refused.code === 404) return { kind: "absent", message: refused.message };
    return refused.code === 409 ? { kind: "stale" } : refused;
  }

  async function patch(ref: ObjectRef, { body, subresource, manager, dryRun }: Patch): Promise<PatchAnswer> {
    const wrong = pathProblem(ref.namespace, ref.name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(ref.apiVersion, ref.kind);
    if (kind === undefined) return unknownKind(ref);
    const parameters = query({ fieldManager: manager, dryRun: dryRun === true ? "All" : undefined });
    const path = objectPath(kind, ref.namespace, ref.name) + (subresource === undefined ? "" : `/${subresource}`) + parameters;
    const content = body.type === "json" ? body.operations : body.merge;
    const answer = await send({ method: "PATCH", path, body: JSON.stringify(content), contentType: PATCH_TYPES[body.type] });
    if (answer.code === 200) return { kind: "patched", object: parseObject(answer, ref) };
    const refused = refusalOf(answer, ref, `PATCH ${ref.kind}/${ref.name}`);
    if (refused.code === 404) return { kind: "absent", message: refused.message };
    return refused.code === 409 ? { kind: "stale" } : refused;
  }

  async function remove(ref: ObjectRef, options: { readonly propagation: string; readonly uid?: string }): Promise<DeleteAnswer> {
    const wrong = pathProblem(ref.namespace, ref.name);
    if (wrong !== undefined) return wrong;
    const kind = await kinds.find(ref.apiVersion, ref.kind);
    if (kind === undefined) return unknownKind(ref);
    const wanted = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: options.propagation,
      ...(options.uid !== undefined && { preconditions: { uid: options.uid } }),
    };
    const answer = await send({ method: "DELETE", path: objectPath(kind, ref.namespace, ref.name), body: JSON.stringify(wanted) });
    if (answer.code === 200 || answer.code === 202) return { kind: "deleted" };
    const refused = refusalOf(answer, ref, `DELETE ${ref.kind}/${ref.name}`);
    return refused.code === 404 ? { kind: "absent" } : refused;
  }

  return { get, list, apply, create, replace, patch, delete: remove };
}

/** Names come out of manifests: one that is no part of a path is refused here, before it becomes another path. */
function pathProblem(namespace: string | undefined, name: string | undefined): Refusal | undefined {
  const message = segmentProblem("namespace", namespace ?? "") ?? segmentProblem("resource name", name ?? "");
  return message === undefined ? undefined : { kind: "refused", why: "invalid", code: 0, reason: "", message };
}

/**
 * A path that is not served is not an object that is absent: its version went while we still had it from discovery, and the object may be there in another
 * one. An API server says so in plain words, and of absent objects in a Status.
 */
const refusalOf = (answer: Response, asked: { readonly apiVersion: string; readonly kind: string }, what: string): Refusal =>
  answer.code === 404 && !isStatus(answer.body) ? unknownKind(asked) : parseRefusal(answer, what);

/** The words in which client-go's REST mapper says it. */
const unknownKind = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): Refusal => ({
  kind: "refused",
  why: "unknown-kind",
  code: 0,
  reason: "",
  message: `no matches for kind "${kind}" in version "${groupOf(apiVersion) === "" ? versionOf(apiVersion) : apiVersion}"`,
});

function parseObject(answer: Response, expected: { readonly apiVersion: string; readonly kind: string }): Manifest {
  return asManifest(parseJson(answer.body), expected);
}

/** Objects of a list lack apiVersion and kind: they are the list's. */
function asManifest(body: Json | undefined, expected: { readonly apiVersion: string; readonly kind: string }): Manifest {
  if (!isObject(body) || !isObject(body.metadata)) throw new Error(`the API server answered ${expected.kind} with something that is no object`);
  const { apiVersion = expected.apiVersion, kind = expected.kind } = body;
  return { ...body, apiVersion, kind } as Manifest; // parsed here: the API server's own answer for this kind
}

function parseList(
  answer: Response,
  asked: ListQuery,
): { readonly items: readonly Manifest[]; readonly resourceVersion: string; readonly next: string | undefined } {
  const body = parseJson(answer.body);
  if (!isObject(body) || !isObject(body.metadata)) throw new Error(`the API server answered a list of ${asked.kind} with something that is no list`);
  const items = Array.isArray(body.items) ? body.items : [];
  const { resourceVersion, continue: next } = body.metadata;
  return {
    items: items.map((item: Json) => asManifest(item, asked)),
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
    next: typeof next === "string" && next !== "" ? next : undefined,
  };
}
