import type { IncomingHttpHeaders } from "node:http";

export type Request = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From `/api` or `/apis` on, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Of a POST: it names what it creates, so that a repeat is answered "AlreadyExists" and makes no second one. */
  readonly repeatable?: boolean;
};

export type Response = { readonly code: number; readonly headers: IncomingHttpHeaders; readonly body: string };
