import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { KeyPair } from "../pki/pki.ts";
import { MAX_BODY } from "./body.ts";
import type { ApiResponse, CertificateSubject, IncomingRequest } from "./request.ts";
import { statusBody } from "./status.ts";

export type HttpsServer = { readonly port: number; stop(): Promise<void> };

export type ServerOptions = {
  readonly port: number;
  readonly certificate: KeyPair;
  /** Whose client certificates are believed. */
  readonly clientAuthority: string;
  readonly answer: (request: IncomingRequest) => ApiResponse | Promise<ApiResponse>;
};

/** Listens on 127.0.0.1, reads whole requests, and writes what `answer` says. HTTP/1.1 with keep-alive, which every client speaks. */
export async function startServer({ port, certificate, clientAuthority, answer }: ServerOptions): Promise<HttpsServer> {
  const server = createServer(
    { cert: certificate.certificate, key: certificate.key, ca: clientAuthority, requestCert: true, rejectUnauthorized: false, keepAlive: true, noDelay: true },
    (request, response) => void receive(request, response),
  );
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;

  const receive = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(message);
    if (body === undefined) return;
    try {
      const answered = answer(requestOf(message, body));
      write(message, response, answered instanceof Promise ? await answered : answered);
    } catch (error) {
      // A fault of ours must not take the whole cluster along, nor be silent.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const failure = { code: 500, reason: "InternalError", message: `Internal error occurred: ${text}` };
      write(message, response, { kind: "json", code: 500, body: statusBody(failure) });
    }
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Undefined when the client went away in the middle. What is above the limit is read and dropped, so that the answer gets through. */
async function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  if (message.method === "GET" && message.headers["content-length"] === undefined && message.headers["transfer-encoding"] === undefined)
    return new Uint8Array();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (size <= MAX_BODY) chunks.push(chunk);
      size += chunk.length;
    }
  } catch {
    return undefined;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

function requestOf(message: IncomingMessage, body: Uint8Array): IncomingRequest {
  const url = message.url ?? "/";
  const cut = url.indexOf("?");
  return {
    method: message.method ?? "GET",
    path: decoded(cut < 0 ? url : url.slice(0, cut)),
    query: new URLSearchParams(cut < 0 ? "" : url.slice(cut + 1)),
    headers: message.headers,
    body,
    certificate: subjectOf(message.socket as TLSSocket),
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const subjects = new WeakMap<TLSSocket, CertificateSubject | "none">();

/** Looked at once per connection: parsing a certificate costs more than most requests. */
function subjectOf(socket: TLSSocket): CertificateSubject | undefined {
  const known = subjects.get(socket);
  if (known !== undefined) return known === "none" ? undefined : known;
  const subject = socket.authorized ? parseSubject(socket.getPeerCertificate()) : undefined;
  subjects.set(socket, subject ?? "none");
  return subject;
}

function parseSubject({ subject }: PeerCertificate): CertificateSubject | undefined {
  const texts = (value: string | string[] | undefined): readonly string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
  const commonName = texts(subject?.CN)[0];
  return commonName === undefined ? undefined : { commonName, organizations: texts(subject.O) };
}

function write(message: IncomingMessage, response: ServerResponse, answered: ApiResponse): void {
  for (const [name, value] of Object.entries(answered.headers ?? {})) response.setHeader(name, typeof value === "string" ? value : [...value]);
  if (answered.kind === "stream") writeStream(response, answered);
  else if (answered.kind === "raw") writeText(response, answered.code, answered.contentType, answered.body, message.method);
  else writeText(response, answered.code, answered.contentType ?? "application/json", `${JSON.stringify(answered.body)}\n`, message.method);
}

function writeText(response: ServerResponse, code: number, contentType: string, body: string | Uint8Array, method: string | undefined): void {
  response.setHeader("Cache-Control", "no-cache, private");
  if (contentType !== "") response.setHeader("Content-Type", contentType);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.writeHead(code);
  response.end(method === "HEAD" ? undefined : body);
}

function writeStream(response: ServerResponse, { code, contentType, stream }: Extract<ApiResponse, { readonly kind: "stream" }>): void {
  response.setHeader("Cache-Control", "no-cache, private");
  response.setHeader("Content-Type", contentType);
  response.writeHead(code);
  response.flushHeaders();
  const stop = stream(
    (chunk) => void response.write(chunk),
    () => void response.end(),
  );
  response.once("close", stop);
}
