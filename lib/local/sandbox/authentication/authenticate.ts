import type { IncomingRequest, User } from "../http/request.ts";
import { type Failure, unauthorized } from "../http/status.ts";
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, withGroup } from "./groups.ts";
import type { TokenIssuer } from "./tokens.ts";

export type Authentication = { readonly kind: "authenticated"; readonly user: User } | { readonly kind: "refused"; readonly failure: Failure };

/**
 * Who sends this request: the subject of a client certificate of our CA, the service account of a bearer token, or system:anonymous without
 * credentials. A token that is not good is refused, it does not make anybody anonymous. Source: apiserver's authentication union.
 */
export function authenticate(request: IncomingRequest, tokens: Pick<TokenIssuer, "verify">): Authentication {
  const { certificate } = request;
  if (certificate !== undefined && certificate.commonName !== "")
    return authenticated({ name: certificate.commonName, groups: withGroup(certificate.organizations, AUTHENTICATED) });

  const token = bearerToken(request.headers.authorization);
  if (token === undefined) return authenticated({ name: ANONYMOUS, groups: [UNAUTHENTICATED] });

  const review = tokens.verify(token);
  return review.kind === "valid" ? authenticated(review.user) : { kind: "refused", failure: unauthorized };
}

const authenticated = (user: User): Authentication => ({ kind: "authenticated", user });

/** `Bearer abc` → `abc`; any other scheme is no credential of ours. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme = "", token = ""] = (header ?? "").trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}
