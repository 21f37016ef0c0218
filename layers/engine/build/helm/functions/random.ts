import { spend } from "../../work.ts";
import { GoPanic } from "../go/result.ts";
import { STRING } from "../go/type.ts";
import { ARG, type GoFunction, goFunction } from "../template/functions.ts";
import { createRandomBytes, type RandomBytes } from "./chance/random-bytes.ts";
import { claimText } from "./limits.ts";

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** From blank to tilde. */
const PRINTED = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");

/** To draw one takes longer than to write it. */
const STEPS_OF_LETTER = 40;

/** sprig's functions of chance, all drawn from a seed. Source: sprig strings.go and crypto.go, goutils CryptoRandom. */
export function createRandomFunctions(seed: Uint8Array): ReadonlyMap<string, GoFunction> {
  const bytes = createRandomBytes(seed, "texts");
  const textOf = (letters: string): GoFunction => goFunction([ARG.int], (count) => randomText(bytes, letters, count), STRING);
  return new Map<string, GoFunction>([
    ["randAlphaNum", textOf(LETTERS + DIGITS)],
    ["randAlpha", textOf(LETTERS)],
    ["randNumeric", textOf(DIGITS)],
    ["randAscii", textOf(PRINTED)],
    [
      "randBytes",
      goFunction(
        [ARG.int],
        (count) => {
          if (count < 0) throw new GoPanic("runtime error: makeslice: len out of range");
          claimText(2 * count);
          spend(STEPS_OF_LETTER * count);
          return Buffer.from(bytes(count)).toString("base64");
        },
        STRING,
      ),
    ],
  ]);
}

/** What is less than nothing is nothing. Each letter is as likely as any other: bytes that would favour the first ones are passed over. */
function randomText(bytes: RandomBytes, letters: string, count: number): string {
  if (count <= 0) return "";
  claimText(count);
  spend(STEPS_OF_LETTER * count);
  const limit = 256 - (256 % letters.length);
  const drawn: string[] = [];
  while (drawn.length < count) {
    for (const byte of bytes(count - drawn.length)) if (byte < limit) drawn.push(letters[byte % letters.length] ?? "");
  }
  return drawn.join("");
}
