import { Hash } from "@smithy/core/serde";
import type { ChecksumConstructor } from "@smithy/types";

/** SHA-256 and its HMAC by Node, in the form that the SDK's signer takes; the SDK's clients are made with the same. */
export const Sha256: ChecksumConstructor = Hash.bind(null, "sha256");
