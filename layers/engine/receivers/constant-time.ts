import { createHash, timingSafeEqual } from "node:crypto";

/** Equal bytes. How long it takes says nothing of where they differ, nor of how long the expected ones are. */
export const isSame = (given: Uint8Array | string, expected: Uint8Array | string): boolean => timingSafeEqual(digestOf(given), digestOf(expected));

const digestOf = (value: Uint8Array | string): Uint8Array => createHash("sha256").update(value).digest();
