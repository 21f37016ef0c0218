import { createHash } from "node:crypto";
import { AwsProblem } from "./answer.ts";
import type { AwsClock } from "./clock.ts";
import type { AccessKey, AccessKeys, Caller } from "./identity.ts";
import { isSignedWith, type Signed } from "./signature/is-signed-with.ts";
import { type Signature, signedAt } from "./signature/parse-signature.ts";

const QUARTER_OF_AN_HOUR = 15 * 60_000;
const XML = ["s3", "sns", "sts"];

/**
 * Who signed the request; throws what AWS answers when nobody known did.
 * Times of headers are held against a real clock only: the SDK signs by the machine's. Those of presigned URLs always.
 * Source: IAM User Guide, "Troubleshoot SigV4"; S3 and common error codes.
 */
export function authenticate(keys: AccessKeys, clock: AwsClock, signature: Signature, request: Signed): Caller {
  const key = keys.find(signature.accessKeyId);
  if (key === undefined || (key.sessionToken !== undefined && key.sessionToken !== signature.token)) throw unknownKey(signature.service);
  checkTime(key, clock, signature);
  checkPayload(signature, request);
  if (!isSignedWith(key.secretAccessKey, signature, request)) throw wrongSignature(signature.service);
  return key.caller;
}

function checkTime(key: AccessKey, clock: AwsClock, signature: Signature): void {
  const now = clock.now();
  const expired = XML.includes(signature.service) ? "ExpiredToken" : "ExpiredTokenException";
  if (key.expires !== undefined && now >= key.expires) throw new AwsProblem(expired, "The security token included in the request is expired", { status: 403 });
  const at = signedAt(signature.date);
  if (signature.place.kind === "header") {
    if (clock.real && Math.abs(now - at) > QUARTER_OF_AN_HOUR) throw tooSkewed(signature.service);
    return;
  }
  if (at - now > QUARTER_OF_AN_HOUR) throw tooSkewed(signature.service);
  if (now > at + validity(signature)) {
    throw new AwsProblem(signature.service === "s3" ? "AccessDenied" : "SignatureDoesNotMatch", "Request has expired", { status: 403 });
  }
}

/** For STS a presigned URL is good for 15 minutes, whatever X-Amz-Expires says. Source: aws-iam-authenticator, pkg/token/token.go. */
function validity(signature: Signature): number {
  if (signature.service === "sts" || signature.place.kind === "header") return QUARTER_OF_AN_HOUR;
  return signature.place.expires * 1000;
}

function checkPayload(signature: Signature, request: Signed): void {
  const said = request.headers["x-amz-content-sha256"];
  if (said === undefined || !/^[0-9a-f]{64}$/.test(said)) return;
  if (said === createHash("sha256").update(request.body).digest("hex")) return;
  if (signature.service !== "s3") throw wrongSignature(signature.service);
  throw new AwsProblem("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
}

function unknownKey(service: string): AwsProblem {
  if (service === "s3") return new AwsProblem("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", { status: 403 });
  const code = XML.includes(service) ? "InvalidClientTokenId" : "UnrecognizedClientException";
  return new AwsProblem(code, "The security token included in the request is invalid.", { status: 403 });
}

function wrongSignature(service: string): AwsProblem {
  const code = XML.includes(service) ? "SignatureDoesNotMatch" : "InvalidSignatureException";
  return new AwsProblem(code, "The request signature we calculated does not match the signature you provided.", { status: 403 });
}

function tooSkewed(service: string): AwsProblem {
  if (service === "s3")
    return new AwsProblem("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", { status: 403 });
  return new AwsProblem(XML.includes(service) ? "SignatureDoesNotMatch" : "InvalidSignatureException", "Signature expired or not yet current", { status: 403 });
}
