import type { Request } from "../kubernetes/request.ts";
import { type GateRequest, MAX_REQUESTS } from "./call.ts";

/** One request on its way to the gate. */
export type Asked = { readonly token: string | undefined /** As JSON. */; readonly text: string };

/** A synchronous invocation takes up to 6 MB; what is not the requests (address, certificate authority, token) needs less than the rest. Source: Lambda quotas. */
const MAX_BATCH_BYTES = 5_800_000;

/** What a kube-apiserver reads of one request; everything that it takes fits into a batch. Source: apiserver, MaxRequestBodyBytes. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** How many of `waiting` go out together: those of the first one's token, in order, as far as they fit. At least one. */
export function batchSize(waiting: readonly Asked[]): number {
  const token = waiting[0]?.token;
  let bytes = 0;
  let count = 0;
  for (const asked of waiting) {
    bytes += Buffer.byteLength(asked.text) + 1;
    if (count === MAX_REQUESTS || asked.token !== token || (count > 0 && bytes > MAX_BATCH_BYTES)) break;
    count++;
  }
  return count;
}

/** A body that JSON's escapes would blow up (JSON in a ConfigMap) travels in base64, a third larger. */
export function wireText({ repeatable: _, ...request }: Request): string {
  const plain = JSON.stringify(request);
  if (request.body === undefined || Buffer.byteLength(plain) < MAX_BODY_BYTES) return plain;
  const encoded: GateRequest = { ...request, body: Buffer.from(request.body).toString("base64"), bodyIn: "base64" };
  const other = JSON.stringify(encoded);
  return Buffer.byteLength(other) < Buffer.byteLength(plain) ? other : plain;
}
