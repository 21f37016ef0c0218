import type { Json } from "@sluice/engine/domain/json.ts";
import { type EpochMs, formatTime } from "@sluice/engine/domain/time.ts";
import { metadataOf, specOf } from "../authorization/access-review.ts";
import { textAt, textsAt, userInfo } from "../authorization/user-info.ts";
import { type ApiResponse, json, type User } from "../http/request.ts";
import { badRequest, fail } from "../http/status.ts";
import { ISSUER, type TokenIssuer } from "./tokens.ts";

const API_VERSION = "authentication.k8s.io/v1";

/** POST of a TokenReview: whose token is it? */
export function reviewToken(body: Json, tokens: Pick<TokenIssuer, "verify">): ApiResponse {
  const spec = specOf(body);
  const token = textAt(spec, "token");
  if (token === "") return fail(badRequest("token is required for TokenReview in authentication"));
  const audiences = textsAt(spec, "audiences");
  const review = tokens.verify(token, audiences.length === 0 ? [ISSUER] : audiences);
  const status =
    review.kind === "valid" ? { authenticated: true, user: userInfo(review.user), audiences: [...review.audiences] } : { user: {}, error: review.problem };
  return json(201, { kind: "TokenReview", apiVersion: API_VERSION, metadata: metadataOf(body), spec, status });
}

/** POST of a SelfSubjectReview (`kubectl auth whoami`). */
export const reviewSelf = (user: User, now: EpochMs): ApiResponse =>
  json(201, { kind: "SelfSubjectReview", apiVersion: API_VERSION, metadata: { creationTimestamp: formatTime(now) }, status: { userInfo: userInfo(user) } });
