import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "@sluice/engine/domain/json.ts";

/** Who asks, as authentication found it (after impersonation). */
export type User = {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: { readonly [key: string]: readonly string[] };
};

/** The subject of a client certificate that our CA signed. */
export type CertificateSubject = { readonly commonName: string; readonly organizations: readonly string[] };

/** A request as it came in, before anybody knows who asks. */
export type IncomingRequest = {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly certificate: CertificateSubject | undefined;
  /** Whom the cluster's token authenticator knows by the bearer token, where it has one and it was asked. */
  readonly tokenUser?: User;
};

export type ApiRequest = IncomingRequest & { readonly user: User };

/** A long answer: `start` is called once with the means to write and to end it; what it returns is called when the client has gone. */
export type Stream = (send: (chunk: string) => void, end: () => void) => () => void;

type ResponseHeaders = { readonly [name: string]: string | readonly string[] };

export type ApiResponse =
  | { readonly kind: "json"; readonly code: number; readonly body: Json; readonly contentType?: string; readonly headers?: ResponseHeaders }
  /** Any other body, or JSON that was written before. */
  | { readonly kind: "raw"; readonly code: number; readonly contentType: string; readonly body: string | Uint8Array; readonly headers?: ResponseHeaders }
  | { readonly kind: "stream"; readonly code: number; readonly contentType: string; readonly stream: Stream; readonly headers?: ResponseHeaders };

/** `undefined`: not a path of this handler; the next one is asked. */
export type Handler = (request: ApiRequest) => ApiResponse | undefined;

export const json = (code: number, body: Json): ApiResponse => ({ kind: "json", code, body });
export const text = (code: number, body: string): ApiResponse => ({ kind: "raw", code, contentType: "text/plain; charset=utf-8", body });
