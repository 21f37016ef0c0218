import { headerOf, type WebhookRequest } from "./webhook-request.ts";

/** `"application/json; charset=utf-8"` → `"application/json"`; undefined when it is none. Source: Go, mime.ParseMediaType. */
export const mediaTypeIn = (text: string): string | undefined => /^\s*([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)\s*(?:;|$)/.exec(text)?.[1]?.toLowerCase();

/** One of the types that Content-Type lists is JSON, and all before it are types. Source: reference 4.4, `req`. */
export function isJsonContent(request: WebhookRequest): boolean {
  for (const part of headerOf(request, "content-type").split(",")) {
    const type = mediaTypeIn(part);
    if (type === undefined) return false;
    if (type === "application/json") return true;
  }
  return false;
}
