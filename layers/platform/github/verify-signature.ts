import { Webhooks } from "@octokit/webhooks";
import type { VerifySignature } from "./delivery.ts";

/**
 * Octokit's: HMAC-SHA256, compared in constant time. Its `verifyAndReceive` is not used: it takes every exception of the verifier for a wrong signature,
 * and stops at the first key that fits.
 */
export const verifySignature: VerifySignature = (key, body, signature) => new Webhooks({ secret: key.reveal() }).verify(body, signature);
