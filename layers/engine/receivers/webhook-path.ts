import { createHash } from "node:crypto";

/** What all paths of webhooks begin with. */
export const HOOKS = "/hook/";

/** The path of a Receiver: whoever knows its token knows the path, and nobody else. Of generic-oidc, which has no token, it is no secret. Source: reference 4.4. */
export const webhookPathOf = (token: Uint8Array, { name, namespace }: { readonly name: string; readonly namespace: string }): string =>
  HOOKS + createHash("sha256").update(token).update(name).update(namespace).digest("hex");

/** The digest in a path that could be a Receiver's, or undefined: a query, a slash at the end and capitals make it none. */
export const digestInPath = (path: string): string | undefined => /^\/hook\/([0-9a-f]{64})$/.exec(path)?.[1];
