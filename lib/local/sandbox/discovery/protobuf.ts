/**
 * The OpenAPI v2 document as gnostic's protobuf (openapi.v2.Document), without definitions: swagger, info and an empty list of paths. Clients that want schemas read
 * OpenAPI v3; this one lets those start that insist on asking for it first.
 */
export function emptyOpenApiV2(minor: string): Uint8Array {
  const info = Buffer.concat([text(1, "Kubernetes"), text(2, `v${minor}`)]);
  return Buffer.concat([text(1, "2.0"), field(2, info), field(8, Buffer.alloc(0)), field(9, Buffer.alloc(0))]);
}

const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
/** A length-delimited field shorter than 128 bytes. */
const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
