import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { authenticate } from "../authentication/authenticate.ts";
import { impersonate } from "../authentication/impersonate.ts";
import type { TokenIssuer } from "../authentication/tokens.ts";
import type { Authorizer } from "../authorization/authorizer.ts";
import { forbiddenFailure } from "../authorization/forbidden.ts";
import { answerReview } from "../authorization/reviews.ts";
import type { Store } from "../storage/store.ts";
import { decodeObject, mediaTypeOf } from "./body.ts";
import type { ApiRequest, ApiResponse, Handler, IncomingRequest } from "./request.ts";
import type { RequestCounter } from "./request-counter.ts";
import { parseRequestInfo, type RequestInfo } from "./request-info.ts";
import { fail } from "./status.ts";

export type PipelineDeps = {
  readonly store: Store;
  readonly tokens: TokenIssuer;
  readonly authorizer: Authorizer;
  readonly discovery: Handler;
  readonly resources: (request: ApiRequest, info: RequestInfo) => ApiResponse;
  readonly now: () => EpochMs;
  readonly requests: RequestCounter;
};

const APPLY = "application/apply-patch+yaml";

/** What happens to every request, in the API server's order: who, as whom, may they, and then what they ask for. */
export function createPipeline(deps: PipelineDeps): (incoming: IncomingRequest) => ApiResponse {
  return (incoming) => {
    const authentication = authenticate(incoming, deps.tokens);
    if (authentication.kind === "refused") return fail(authentication.failure);
    const impersonation = impersonate(incoming.headers, authentication.user, deps.authorizer);
    if (impersonation.kind === "refused") return fail(impersonation.failure);
    const { user } = impersonation;
    const info = parseRequestInfo(incoming.method, incoming.path, incoming.query);
    deps.requests.count(info, mediaTypeOf(incoming.headers["content-type"]), incoming.query.has("dryRun"));
    const decision = deps.authorizer.authorize(user, info);
    if (decision.kind !== "allowed") return fail(forbiddenFailure(user, info, decision.reason));
    const creation = creationBy(incoming, info, deps.store);
    const mayCreate = creation && deps.authorizer.authorize(user, creation);
    if (creation !== undefined && mayCreate?.kind === "denied") return fail(forbiddenFailure(user, creation, mayCreate.reason));
    const request: ApiRequest = { ...incoming, user };
    return deps.discovery(request) ?? answerQuestion(deps, request, info) ?? deps.resources(request, info);
  };
}

/** An apply of an object that is not there creates it, and needs that right, too. Source: apiserver's patch handler (withAuthorization). */
function creationBy({ headers }: IncomingRequest, info: RequestInfo, store: Store): RequestInfo | undefined {
  if (info.kind !== "resource" || info.verb !== "patch" || info.subresource !== "" || mediaTypeOf(headers["content-type"]) !== APPLY) return undefined;
  const isThere = store.get({ group: info.group, plural: info.resource }, info.namespace, info.name) !== undefined;
  return isThere ? undefined : { ...info, verb: "create" };
}

/** Access reviews, token reviews and tokens: resources that are answered and not stored. */
function answerQuestion(deps: PipelineDeps, request: ApiRequest, info: RequestInfo): ApiResponse | undefined {
  if (info.kind !== "resource" || info.verb !== "create" || !isQuestion(info)) return undefined;
  const body = decodeObject(request.body, request.headers["content-type"], info.resource);
  return body.ok ? answerReview(info, body.value.value, request.user, deps) : fail(body.problem);
}

const isQuestion = ({ group, subresource }: Extract<RequestInfo, { kind: "resource" }>): boolean =>
  group === "authentication.k8s.io" || group === "authorization.k8s.io" || subresource === "token";
