import type { IncomingHttpHeaders } from "node:http";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { HttpProxy, HttpTls } from "@sluice/engine/ports/http-options.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "OPTIONS";

export type HttpRequest = {
  readonly method: Method;
  readonly url: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Uint8Array;
  /** Value of the Authorization header; it goes to the origin of `url` only, whatever redirects say. */
  readonly authorization?: string;
  readonly tls?: HttpTls;
  readonly proxy?: HttpProxy;
  readonly signal: AbortSignal;
  /** `url` is not the caller's own, but one that a server led to. */
  readonly redirected?: boolean;
  /** The answer is cut off, with a failure, beyond that many bytes. */
  readonly maxBytes: number | ((status: number) => number);
  /** Beyond `maxBytes` the answer is left unread, and that is no failure. */
  readonly cut?: boolean;
  /** 301, 302 and 303 to what writes are followed by a GET without its body, as Go's client does; else they are the answer. */
  readonly redirectsAsGet?: boolean;
};

/** `url` is where the answer came from, after redirects, as messages may show it. Header names in lower case. */
export type HttpAnswer = {
  readonly kind: "answered";
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly url: string;
};

/** Nobody answered, or more than was wanted. `message` in Go's words: `Get "http://…": dial tcp 127.0.0.1:1: connect: connection refused`. */
export type HttpSilence = {
  readonly kind: "silent";
  readonly why: "unreachable" | "timeout" | "too-large";
  readonly message: string;
  /** Another attempt would end the same: an untrusted certificate, an address that must not be reached, a URL that is none. */
  readonly lasting?: boolean;
};

export type Http = { send(request: HttpRequest): Promise<HttpAnswer | HttpSilence>; close(): void };

export type HttpOptions = {
  /** Says no to addresses that must not be reached, such as a cloud's metadata service. Asked for every address before it is connected to. */
  readonly isAllowed?: (address: string) => boolean;
  /** A connection that nobody uses is ended after so long; after a minute unless said. */
  readonly idle?: Milliseconds;
};
