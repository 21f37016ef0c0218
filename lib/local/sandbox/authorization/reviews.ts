import type { Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { requestToken } from "../authentication/token-request.ts";
import { reviewSelf, reviewToken } from "../authentication/token-review.ts";
import type { TokenIssuer } from "../authentication/tokens.ts";
import type { ApiResponse, User } from "../http/request.ts";
import type { RequestInfo } from "../http/request-info.ts";
import type { Store } from "../storage/store.ts";
import { reviewAccess, reviewRules } from "./access-review.ts";
import type { Authorizer } from "./authorizer.ts";

export type ReviewDeps = {
  readonly store: Pick<Store, "get">;
  readonly authorizer: Authorizer;
  readonly tokens: TokenIssuer;
  readonly now: () => EpochMs;
};

/**
 * The resources that are questions and are never stored: access reviews, token reviews and service account tokens. Undefined when `asked` is not the
 * creation of one. `body` is the parsed request body.
 */
export function answerReview(asked: RequestInfo, body: Json, user: User, deps: ReviewDeps): ApiResponse | undefined {
  if (asked.kind !== "resource" || asked.verb !== "create" || asked.version !== "v1") return undefined;
  switch (`${asked.group}/${asked.resource}${asked.subresource === "" ? "" : `/${asked.subresource}`}`) {
    case "/serviceaccounts/token":
      return requestToken({ namespace: asked.namespace, name: asked.name }, body, deps);
    case "authentication.k8s.io/tokenreviews":
      return reviewToken(body, deps.tokens);
    case "authentication.k8s.io/selfsubjectreviews":
      return reviewSelf(user, deps.now());
    case "authorization.k8s.io/selfsubjectaccessreviews":
      return reviewAccess("SelfSubjectAccessReview", body, user, deps.authorizer);
    case "authorization.k8s.io/subjectaccessreviews":
      return reviewAccess("SubjectAccessReview", body, user, deps.authorizer);
    case "authorization.k8s.io/localsubjectaccessreviews":
      return reviewAccess("LocalSubjectAccessReview", body, user, deps.authorizer);
    case "authorization.k8s.io/selfsubjectrulesreviews":
      return reviewRules(body, user, deps.authorizer);
    default:
      return undefined;
  }
}
