import { createServer } from "node:http";

/** Who a bearer token belongs to; undefined: nobody. */
export type TokenUser = { readonly name: string; readonly groups: readonly string[]; readonly extra?: { readonly [key: string]: readonly string[] } };
export type AuthenticateToken = (token: string) => Promise<TokenUser | undefined>;

export type TokenWebhook = {
  /** For the API server: what its --authentication-token-webhook-config-file holds. */
  readonly config: string;
  stop(): Promise<void>;
};

/** Answers the API server's TokenReviews by a function, as EKS' authenticator answers those of its API servers. Source: Kubernetes, "Webhook Token Authentication". */
export async function startTokenWebhook(authenticate: AuthenticateToken): Promise<TokenWebhook> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const user = await authenticate(tokenOf(JSON.parse(Buffer.concat(parts).toString("utf8"))));
    const status =
      user === undefined ? { authenticated: false } : { authenticated: true, user: { username: user.name, groups: user.groups, extra: user.extra } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", status }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the webhook has no port");
  return {
    config: JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "iam",
      clusters: [{ name: "iam", cluster: { server: `http://127.0.0.1:${address.port}` } }],
      users: [{ name: "server", user: {} }],
      contexts: [{ name: "iam", context: { cluster: "iam", user: "server" } }],
    }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function tokenOf(review: { readonly spec?: { readonly token?: unknown } }): string {
  const token = review.spec?.token;
  if (typeof token !== "string") throw new Error("a TokenReview without a token");
  return token;
}
