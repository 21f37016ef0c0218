import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { apiVersionOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { resourceOf } from "../kinds/registry.ts";
import type { Answer, Subresource, Target, Writing } from "../resources/context.ts";
import { DEFINITIONS, fieldOf, isTerminating, textOf } from "../resources/definitions.ts";
import { deprecationWarning } from "../resources/deprecation.ts";
import { invalidObject } from "../resources/failures.ts";
import { listPage } from "../resources/list.ts";
import { generatedName } from "../resources/metadata.ts";
import { applyPatch, namespaceMismatch, type PatchType, patchedJson, patchedObject, placeProblem } from "../resources/patch.ts";
import type { Remove } from "../resources/remove.ts";
import { SCALE_KIND, scaleErrors, scaleOf, withScale } from "../resources/scale.ts";
import { isCreatedByUpdate, isReturnedWhenDeleted } from "../resources/traits.ts";
import { decodeTyped } from "../resources/typed.ts";
import { watchStream } from "../resources/watch.ts";
import { webhookProblem } from "../resources/webhooks.ts";
import type { WriteDeps, Writes } from "../resources/write.ts";
import { parseIncludeObject } from "../tables/table.ts";
import { type Body, decodeJson, decodeObject, decodeYamlOrJson, MAX_BODY, mediaTypeOf } from "./body.ts";
import { type Accepted, negotiate } from "./negotiate.ts";
import { parseDeleteOptions, parseListOptions, parseWriteOptions, type WriteOptions } from "./options.ts";
import { type ApiRequest, type ApiResponse, json } from "./request.ts";
import type { RequestInfo } from "./request-info.ts";
import type { Responder } from "./respond.ts";
import { badRequest, type Failure, fail, notFound, tooLarge } from "./status.ts";

type ResourceInfo = Extract<RequestInfo, { readonly kind: "resource" }>;

export type ResourceDeps = WriteDeps & { readonly writes: Writes; readonly remove: Remove; readonly responder: Responder };

const UNKNOWN: Failure = { code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: {} };
const NOT_ALLOWED: Failure = { code: 405, reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource", details: {} };
const NOT_SUPPORTED: Failure = { code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", details: {} };
const PAGE_NOT_FOUND: ApiResponse = { kind: "raw", code: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n" };

const PATCHES: readonly PatchType[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** A request with all that its answer depends on. */
type Call = {
  readonly request: ApiRequest;
  readonly target: Target;
  readonly accepted: Accepted;
  readonly warnings: string[];
  /** Whether the path stands below a namespace, or its resource is cluster-scoped. */
  readonly placed: boolean;
};

/** Reads and writes of stored resources: everything below `/api/v1/…` and `/apis/…` that is not discovery. */
export function createResourceHandler(deps: ResourceDeps): (request: ApiRequest, info: RequestInfo) => ApiResponse {
  return (request, info) => {
    if (info.kind === "path") return isDeepPath(deps, info.path) ? fail(UNKNOWN) : PAGE_NOT_FOUND;
    const kind = deps.registry.find(info.group, info.version, info.resource);
    if (kind === undefined) return isOurs(deps, info.group) ? fail(UNKNOWN) : PAGE_NOT_FOUND;
    if (info.subresource === "log" && kind.group === "" && kind.kind === "Pod") return answerLog(deps, kind, info);
    if (isPostOnly(kind, info) && info.verb !== "create") return fail(NOT_ALLOWED);
    const subresource = subresourceOf(kind, info.subresource);
    if (subresource === undefined)
      return fail(
        kind.custom && (info.subresource === "status" || info.subresource === "scale")
          ? notFound({ group: kind.group, plural: kind.plural }, info.name)
          : UNKNOWN,
      );
    if (subresource === "" && !kind.verbs.includes(info.verb) && (!kind.namespaced || info.inNamespace || info.name === "")) return fail(NOT_ALLOWED);
    const placed = !kind.namespaced || info.inNamespace;
    if ((!placed && info.name !== "") || (!kind.namespaced && info.inNamespace && info.resource !== "namespaces")) return fail(UNKNOWN);
    const accepted = negotiate(request.headers.accept);
    if (!accepted.ok) return fail(accepted.problem);
    const include = parseIncludeObject(request.query.get("includeObject"));
    if (accepted.value.form === "table" && !include.ok) return fail(include.problem);
    const deprecation = deprecationWarning(deps.memory, kind);
    const target: Target = { kind, resource: resourceOf(kind), namespace: kind.namespaced ? info.namespace : "", name: info.name, subresource };
    const call: Call = { request, target, accepted: accepted.value, warnings: deprecation === undefined ? [] : [deprecation], placed };
    return warned(answer(deps, call), call.warnings);
  };
}

/** Whether the group is built in: what is not found below it gets a Status, below any other group a plain page. */
const isOurs = ({ registry }: ResourceDeps, group: string): boolean => registry.kinds().some((kind) => !kind.custom && kind.group === group);

/** Below a group that is built in, but no resource. */
function isDeepPath(deps: ResourceDeps, path: string): boolean {
  const [root, group, ...rest] = path.split("/").filter((part) => part !== "");
  if (root === "api") return group !== undefined;
  return root === "apis" && group !== undefined && rest.length > 0 && isOurs(deps, group);
}

/** Nothing runs here, so nothing is logged: an empty log, or no content at all as long as the Pod has no node. */
function answerLog({ memory }: ResourceDeps, kind: ResourceKind, { namespace, name }: ResourceInfo): ApiResponse {
  const pod = memory.get(resourceOf(kind), namespace, name);
  if (pod === undefined) return fail(notFound({ group: "", plural: "pods" }, name));
  const placed = textOf(fieldOf(pod, "spec").nodeName) !== "";
  return { kind: "raw", code: placed ? 200 : 204, contentType: placed ? "text/plain" : "", body: "" };
}

/** Subresources that are asked, not read. */
const isPostOnly = ({ custom, group, kind }: ResourceKind, { subresource }: ResourceInfo): boolean =>
  !custom && group === "" && ((kind === "ServiceAccount" && subresource === "token") || (kind === "Pod" && ["eviction", "binding"].includes(subresource)));

function subresourceOf(kind: ResourceKind, name: string): Subresource | undefined {
  if (name === "") return "";
  if (name === "status" && kind.hasStatus) return "status";
  if (name === "scale" && kind.scale !== undefined) return "scale";
  return name === "finalize" && kind.kind === "Namespace" && !kind.custom ? "finalize" : undefined;
}

function warned(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response;
  return { ...response, headers: { ...response.headers, Warning: warnings.map((text) => `299 - "${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`) } };
}

function answer(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target, placed } = call;
  const isCollection = target.name === "";
  switch (request.method) {
    case "GET":
    case "HEAD":
      return isCollection || request.query.has("watch") ? answerList(deps, call) : answerGet(deps, call);
    case "POST":
      return isCollection && placed ? answerCreate(deps, call) : fail(NOT_ALLOWED);
    case "PUT":
      return isCollection ? fail(NOT_ALLOWED) : answerPut(deps, call);
    case "PATCH":
      return isCollection ? fail(NOT_ALLOWED) : answerPatch(deps, call);
    case "DELETE":
      if (target.subresource !== "") return fail(NOT_ALLOWED);
      return isCollection ? (placed ? answerDeleteCollection(deps, call) : fail(NOT_ALLOWED)) : answerDelete(deps, call);
    default:
      return fail(NOT_ALLOWED);
  }
}

function answerGet(deps: ResourceDeps, call: Call): ApiResponse {
  const live = deps.writes.live(call.target);
  return live === undefined ? fail(missing(call.target)) : shown(deps, call, live, 200);
}

const missing = ({ kind, name }: Target): Failure => notFound({ group: kind.group, plural: kind.plural }, name);

/** The object as the endpoint shows it: itself, or its scale. */
function shown({ responder }: ResourceDeps, { request, target, accepted }: Call, object: Manifest, code: number): ApiResponse {
  if (target.subresource === "scale") return json(code, scaleOf(target.kind, object));
  return responder.object(target.kind, object, code, accepted, request.query);
}

function answerList(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target, accepted } = call;
  const options = parseListOptions(request.query);
  if (!options.ok) return fail(options.problem);
  if (!options.value.watch) {
    if (target.name !== "") return answerGet(deps, call);
    const page = listPage(deps, target, options.value);
    return page.ok ? deps.responder.list(target.kind, page.value, accepted, request.query) : fail(page.problem);
  }
  let first = true;
  const stream = watchStream(deps, target, options.value, (kind, object) => {
    const text = deps.responder.encode(kind, object, accepted, request.query, first);
    first = false;
    return text;
  });
  return stream.ok ? { kind: "stream", code: 200, contentType: "application/json", stream: stream.value } : fail(stream.problem);
}

const writingOf = (call: Call, options: WriteOptions): Writing => ({ ...options, warn: (text) => void call.warnings.push(text) });

function answerCreate(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target } = call;
  const options = parseWriteOptions(request.query, "CreateOptions", request.headers["user-agent"] ?? "");
  if (!options.ok) return fail(options.problem);
  const writing = writingOf(call, options.value);
  const body = decodeObject(request.body, request.headers["content-type"], target.kind.kind);
  if (!body.ok) return fail(body.problem);
  const typed = decodeTyped(target.kind, body.value.value, writing, body.value.repeated);
  if (!typed.ok) return fail(typed.problem);
  const refused = createProblem(deps, target, typed.value);
  if (refused !== undefined) return fail(refused);
  const created = createNamed(deps, target, typed.value, writing);
  return created.ok ? shown(deps, call, created.value, 201) : fail(created.problem);
}

function createProblem({ memory }: ResourceDeps, { kind, namespace }: Target, object: Manifest): Failure | undefined {
  const misplaced = namespaceMismatch(namespace, object.metadata.namespace ?? "");
  if (misplaced !== undefined) return misplaced;
  if ((object.metadata.resourceVersion ?? "") !== "") return { code: 500, reason: "", message: "resourceVersion should not be set on objects to be created" };
  if (!kind.custom) return undefined;
  const crd = memory.get(DEFINITIONS, "", `${kind.plural}.${kind.group}`);
  if (crd === undefined || !isTerminating(crd)) return undefined;
  return {
    code: 405,
    reason: "MethodNotAllowed",
    message: "create not allowed while custom resource definition is terminating",
    details: { group: kind.group, kind: kind.plural },
  };
}

/** A generated name that is taken is made anew. */
function createNamed({ writes }: ResourceDeps, target: Target, object: Manifest, writing: Writing): Answer<Manifest> {
  const { name = "", generateName = "" } = object.metadata;
  if (name !== "" || generateName === "") return writes.create(target, object, writing);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const named = { ...object, metadata: { ...object.metadata, name: generatedName(generateName) } };
    const created = writes.create(target, named, writing);
    if (created.ok || created.problem.reason !== "AlreadyExists") return created;
  }
  return writes.create(target, object, writing);
}

function answerPut(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target } = call;
  const options = parseWriteOptions(request.query, "UpdateOptions", request.headers["user-agent"] ?? "");
  if (!options.ok) return fail(options.problem);
  const writing = writingOf(call, options.value);
  const body = decodeObject(request.body, request.headers["content-type"], target.subresource === "scale" ? "Scale" : target.kind.kind);
  if (!body.ok) return fail(body.problem);
  const live = deps.writes.live(target);
  if (target.subresource === "scale")
    return live === undefined ? fail(missing(target)) : writtenScale(deps, call, live, isObject(body.value.value) ? body.value.value : {}, writing);
  const typed = decodeTyped(target.kind, body.value.value, writing, body.value.repeated);
  if (!typed.ok) return fail(typed.problem);
  const misplaced = placeProblem(target, typed.value.metadata);
  if (misplaced !== undefined) return fail(misplaced);
  if (live === undefined) {
    if (!isCreatedByUpdate(target.kind) || target.subresource !== "") return fail(missing(target));
    const created = deps.writes.create(target, typed.value, writing);
    return created.ok ? shown(deps, call, created.value, 201) : fail(created.problem);
  }
  const updated = deps.writes.update(target, typed.value, writing, { put: true });
  return updated.ok ? shown(deps, call, updated.value, 200) : fail(updated.problem);
}

function writtenScale(deps: ResourceDeps, call: Call, live: Manifest, scale: JsonObject, writing: Writing): ApiResponse {
  const { target } = call;
  const misplaced = placeProblem(target, isObject(scale.metadata) ? scale.metadata : {});
  if (misplaced !== undefined) return fail(misplaced);
  const errors = scaleErrors(scale);
  if (errors.length > 0) return fail(invalidObject(SCALE_KIND, target.name, errors));
  const updated = deps.writes.update(target, withScale(target.kind, live, scale), writing);
  return updated.ok ? shown(deps, call, updated.value, 200) : fail(updated.problem);
}

function answerPatch(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target } = call;
  const mediaType = mediaTypeOf(request.headers["content-type"]);
  const type = PATCHES.find((known) => known === mediaType);
  if (type === undefined || (target.kind.custom && type === "application/strategic-merge-patch+json")) return fail(patchTypeProblem(target.kind, mediaType));
  const apply = type === "application/apply-patch+yaml";
  const options = parseWriteOptions(request.query, "PatchOptions", request.headers["user-agent"] ?? "", apply);
  if (!options.ok) return fail(options.problem);
  const writing = writingOf(call, options.value);
  if (request.body.length > MAX_BODY) return fail(tooLarge(`Request entity too large: limit is ${MAX_BODY}`));
  const text = Buffer.from(request.body).toString("utf8");
  const patch = apply ? decodeYamlOrJson(text) : decodeJson(text);
  if (!patch.ok) return fail(badRequest(`${UNREADABLE[type]}${patch.problem}`));
  return apply ? answerApply(deps, call, patch.value, writing, options.value.force) : answerChange(deps, call, type, patch.value, writing);
}

/** What the server says before the problem of a patch that it cannot read. */
const UNREADABLE: { readonly [type in PatchType]: string } = {
  "application/json-patch+json": "error decoding patch: ",
  "application/merge-patch+json": "error decoding patch: ",
  "application/strategic-merge-patch+json": "",
  "application/apply-patch+yaml": "error decoding YAML: error converting YAML to JSON: ",
};

/** Custom resources have no strategic merge: the server names what it takes. */
function patchTypeProblem({ custom }: ResourceKind, mediaType: string): Failure {
  if (!custom || !mediaType.endsWith("strategic-merge-patch+json")) return NOT_SUPPORTED;
  const accepted = PATCHES.filter((type) => type !== "application/strategic-merge-patch+json").join(", ");
  return { code: 415, reason: "UnsupportedMediaType", message: `the body of the request was in an unknown format - accepted media types include: ${accepted}` };
}

function answerApply(deps: ResourceDeps, call: Call, { value: patch, repeated }: Body, writing: Writing, force: boolean): ApiResponse {
  if (repeated.length > 0 && writing.fieldValidation === "Strict") {
    const lines = repeated.map(({ text }) => `  ${text}`).join("\n");
    return fail(badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${lines}`));
  }
  if (writing.fieldValidation === "Warn") for (const { text } of repeated) writing.warn(text);
  if (!isObject(patch)) {
    const what = Array.isArray(patch) ? "array" : typeof patch;
    return fail(
      badRequest(
        `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
      ),
    );
  }
  const applied = call.target.subresource === "scale" ? appliedScale(call.target, patch) : patch;
  const done = applyPatch(deps, deps.writes, call.target, applied, writing, force);
  return done.ok ? shown(deps, call, done.value.object, done.value.created ? 201 : 200) : fail(done.problem);
}

/** An applied Scale as what it says about the object: its number of replicas. */
function appliedScale({ kind }: Target, scale: JsonObject): JsonObject {
  const { apiVersion: _1, kind: _2, status: _3, ...rest } = scale;
  return { ...rest, apiVersion: apiVersionOf(kind.group, kind.version), kind: kind.kind };
}

function answerChange(
  deps: ResourceDeps,
  call: Call,
  type: Exclude<PatchType, "application/apply-patch+yaml">,
  { value: patch, repeated }: Body,
  writing: Writing,
): ApiResponse {
  const { target } = call;
  const live = deps.writes.live(target);
  if (live === undefined) return fail(missing(target));
  const before: Json = target.subresource === "scale" ? scaleOf(target.kind, live) : jsonOf(live);
  const patched = patchedJson(target, type, before, patch);
  if (!patched.ok) return fail(patched.problem);
  if (target.subresource === "scale") return writtenScale(deps, call, live, isObject(patched.value) ? patched.value : {}, writing);
  const object = patchedObject(deps, target, { patched: patched.value, patch, repeated, type }, writing);
  if (!object.ok) return fail(object.problem);
  const misplaced = placeProblem(target, object.value.metadata);
  if (misplaced !== undefined) return fail(misplaced);
  const updated = deps.writes.update(target, object.value, writing);
  return updated.ok ? shown(deps, call, updated.value, 200) : fail(updated.problem);
}

function answerDelete(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target } = call;
  const options = deleteOptionsOf(request);
  if (!options.ok) return fail(options.problem);
  const denied = deletionProblem(deps, target);
  if (denied !== undefined) return fail(denied);
  const done = deps.remove(target, options.value);
  if (!done.ok) return fail(done.problem);
  const { gone, object } = done.value;
  if (!gone || isReturnedWhenDeleted(target.kind)) return shown(deps, call, object, 200);
  const { kind } = target;
  const details = {
    name: target.name,
    ...(kind.group !== "" && { group: kind.group }),
    kind: kind.plural,
    ...(object.metadata.uid !== undefined && { uid: object.metadata.uid }),
  };
  return json(200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

/** What a webhook that cannot be reached says to a deletion. */
function deletionProblem(deps: ResourceDeps, target: Target): Failure | undefined {
  const old = deps.writes.live(target);
  if (old === undefined) return undefined;
  const asked = { operation: "DELETE", target, object: undefined, old } as const;
  return webhookProblem(deps, { stage: "mutating", ...asked }) ?? webhookProblem(deps, { stage: "validating", ...asked });
}

function deleteOptionsOf(request: ApiRequest) {
  if (request.body.length === 0) return parseDeleteOptions(undefined, request.query);
  const body = decodeObject(request.body, request.headers["content-type"], "DeleteOptions");
  return body.ok ? parseDeleteOptions(body.value.value ?? {}, request.query) : body;
}

function answerDeleteCollection(deps: ResourceDeps, call: Call): ApiResponse {
  const { request, target, accepted } = call;
  const options = parseListOptions(request.query);
  if (!options.ok) return fail(options.problem);
  const removal = deleteOptionsOf(request);
  if (!removal.ok) return fail(removal.problem);
  const page = listPage(deps, target, options.value);
  if (!page.ok) return fail(page.problem);
  for (const { metadata } of page.value.items) {
    const one = { ...target, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
    const denied = deletionProblem(deps, one);
    if (denied !== undefined) return fail(denied);
    deps.remove(one, removal.value);
  }
  return deps.responder.list(target.kind, page.value, accepted, request.query);
}
