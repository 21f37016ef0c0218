import { createHash } from "node:crypto";
import type { Json } from "@sluice/engine/domain/json.ts";
import { goSortedJson } from "../schema/go-text.ts";

/** Without vowels and look-alikes, so that no words come out. Source: apimachinery, util/rand SafeEncodeString. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Ten letters that stand for a Pod template. The server's are another hash of Go's own form; only that they are stable matters. */
export function templateHash(template: Json, collisions: number): string {
  const digest = createHash("sha256").update(goSortedJson(template)).update(String(collisions)).digest();
  return [...digest.subarray(0, 10)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
}
