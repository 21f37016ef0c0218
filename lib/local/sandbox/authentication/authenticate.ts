import type { IncomingRequest, User } from "../http/request.ts";
import { type Failure, unauthorized } from "../http/status.ts";
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, withGroup } from "./groups.ts";
import type { TokenIssuer } from "./tokens.ts";

export type Authentication = { readonly kind: "authenticated"; readonly user: User } | { readonly kind: "refused"; readonly failure: Failure };

/** Who a bearer token belongs to that is none of the cluster's own, as EKS's authenticator knows the tokens of IAM; undefined: nobody. */
export type AuthenticateToken = (token: string) => Promise<User | undefined>;

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
  if (review.kind === "valid") return authenticated(review.user);
  const { tokenUser } = request;
  return tokenUser === undefined
    ? { kind: "refused", failure: unauthorized }
    : authenticated({ ...tokenUser, groups: withGroup(tokenUser.groups, AUTHENTICATED) });
}

/** `request` with the user whom `ask` knows by its token. It is asked for tokens only that are not the cluster's own, and for each request anew. */
export async function withTokenUser(request: IncomingRequest, tokens: Pick<TokenIssuer, "verify">, ask: AuthenticateToken): Promise<IncomingRequest> {
  const token = bearerToken(request.headers.authorization);
  if (token === undefined || request.certificate !== undefined || tokens.verify(token).kind === "valid") return request;
  const tokenUser = await ask(token);
  return tokenUser === undefined ? request : { ...request, tokenUser };
}

const authenticated = (user: User): Authentication => ({ kind: "authenticated", user });

/** `Bearer abc` → `abc`; any other scheme is no credential of ours. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme = "", token = ""] = (header ?? "").trim().split(" ");
  return scheme.toLowerCase() === "bearer" && token !== "" ? token : undefined;
}
