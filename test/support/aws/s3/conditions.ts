import { AwsProblem, notInTheFake } from "../answer.ts";
import type { Stored } from "./bucket.ts";

type Headers = Readonly<Record<string, string>>;

/** Throws unless a write may happen over what is there. Source: S3 User Guide, "How to prevent object overwrites with conditional writes". */
export function checkWriteConditions(headers: Headers, present: Stored | undefined): void {
  const none = headers["if-none-match"];
  const match = headers["if-match"];
  if (none !== undefined && match !== undefined) throw notInTheFake("If-Match together with If-None-Match");
  if (none !== undefined && none !== "*")
    throw new AwsProblem("NotImplemented", "A header you provided implies functionality that is not implemented", { status: 501 });
  if (none !== undefined && present !== undefined) throw preconditionFailed("If-None-Match");
  if (match === undefined) return;
  if (present === undefined) throw new AwsProblem("NoSuchKey", "The specified key does not exist.", { status: 404 });
  if (!isSame(match, present)) throw preconditionFailed("If-Match");
}

/** Whether a read is answered with content: "same" means 304. Source: S3 API, GetObject; RFC 9110. */
export function checkReadConditions(headers: Headers, present: Stored): "changed" | "same" {
  const match = headers["if-match"];
  if (match !== undefined && !isSame(match, present)) throw preconditionFailed("If-Match");
  const none = headers["if-none-match"];
  if (none !== undefined) return isSame(none, present) ? "same" : "changed";
  const unasked = ["if-modified-since", "if-unmodified-since"].find((name) => headers[name] !== undefined);
  if (unasked !== undefined) throw notInTheFake(unasked);
  return "changed";
}

/** Of a copy: conditions on what is copied. */
export function checkCopyConditions(headers: Headers, source: Stored): void {
  const match = headers["x-amz-copy-source-if-match"];
  if (match !== undefined && !isSame(match, source)) throw preconditionFailed("x-amz-copy-source-If-Match");
  const none = headers["x-amz-copy-source-if-none-match"];
  if (none !== undefined && isSame(none, source)) throw preconditionFailed("x-amz-copy-source-If-None-Match");
}

const isSame = (given: string, present: Stored): boolean => given === "*" || given.replaceAll('"', "") === present.etag.replaceAll('"', "");

function preconditionFailed(condition: string): AwsProblem {
  return new AwsProblem("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
    details: { Condition: condition },
  });
}
