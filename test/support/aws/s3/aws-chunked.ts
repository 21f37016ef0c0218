import { AwsProblem } from "../answer.ts";

/**
 * The content of an `aws-chunked` body and the headers of its trailer.
 * Throws IncompleteBody when it ends early or is not as long as was said.
 * Source: S3 API, "Signature calculations for trailing headers" and "Chunked upload".
 */
export function parseChunks(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): { readonly content: Buffer; readonly trailer: Readonly<Record<string, string>> } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf("\r\n", at);
    const size = end < 0 ? Number.NaN : Number.parseInt(body.toString("latin1", at, end), 16);
    if (Number.isNaN(size) || end + 2 + size > body.length) throw incomplete();
    at = end + 2;
    if (size === 0) break;
    parts.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const content = Buffer.concat(parts);
  const said = headers["x-amz-decoded-content-length"];
  if (said !== undefined && Number(said) !== content.length) throw incomplete();
  return { content, trailer: parseTrailer(body.toString("latin1", at), headers["x-amz-trailer"]) };
}

function parseTrailer(text: string, announced: string | undefined): Readonly<Record<string, string>> {
  const trailer: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailer[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const missing = (announced ?? "").split(",").find((name) => name !== "" && trailer[name.trim().toLowerCase()] === undefined);
  if (missing !== undefined) throw new AwsProblem("MalformedTrailerError", `The trailer ${missing} was announced and is not there.`);
  return trailer;
}

const incomplete = (): AwsProblem => new AwsProblem("IncompleteBody", "The request body terminated unexpectedly");
