import { onFirstUse } from "../../../../tables/on-first-use.ts";

/** Blowfish begins with 18 + 4 x 256 words of the fraction of pi. */
const WORDS = 18 + 1024;
const GUARD_BITS = 64n;

const piWords: () => Int32Array = onFirstUse(() => {
  const bits = BigInt(WORDS * 32);
  const one = 1n << (bits + GUARD_BITS);
  // Machin: pi = 16 arctan 1/5 - 4 arctan 1/239.
  const pi = (16n * arctan(5n, one) - 4n * arctan(239n, one)) >> GUARD_BITS;
  const fraction = (pi - (3n << bits)).toString(16).padStart(WORDS * 8, "0");
  return Int32Array.from({ length: WORDS }, (_, index) => Number.parseInt(fraction.slice(8 * index, 8 * index + 8), 16) | 0);
});

/** Of 1/x, times `one`. */
function arctan(x: bigint, one: bigint): bigint {
  const square = x * x;
  let power = one / x;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power !== 0n; divisor += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / divisor;
  }
  return sum;
}

type State = { readonly keys: Int32Array; readonly boxes: Int32Array };

/** Enciphers two words in place, at `at` of `block`. */
function encipher({ keys, boxes }: State, block: Int32Array, at: number): void {
  let left = (block[at] ?? 0) ^ (keys[0] ?? 0);
  let right = block[at + 1] ?? 0;
  for (let round = 1; round <= 16; round += 2) {
    right ^= mixed(boxes, left) ^ (keys[round] ?? 0);
    left ^= mixed(boxes, right) ^ (keys[round + 1] ?? 0);
  }
  block[at] = right ^ (keys[17] ?? 0);
  block[at + 1] = left;
}

const mixed = (boxes: Int32Array, word: number): number =>
  ((((boxes[word >>> 24] ?? 0) + (boxes[256 + ((word >>> 16) & 0xff)] ?? 0)) ^ (boxes[512 + ((word >>> 8) & 0xff)] ?? 0)) + (boxes[768 + (word & 0xff)] ?? 0)) |
  0;

/** The bytes over and over, as words. */
const wordsOf = (bytes: Uint8Array, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, index) => [0, 1, 2, 3].reduce((word, byte) => (word << 8) | (bytes[(4 * index + byte) % bytes.length] ?? 0), 0));

/** Mixes `key` and `salt` into the state; a salt of zeros adds nothing. */
function expand(state: State, key: Int32Array, salt: Int32Array): void {
  for (let index = 0; index < 18; index++) state.keys[index] = (state.keys[index] ?? 0) ^ (key[index] ?? 0);
  const block = new Int32Array(2);
  let used = 0;
  for (const words of [state.keys, state.boxes]) {
    for (let index = 0; index < words.length; index += 2) {
      block[0] = (block[0] ?? 0) ^ (salt[used] ?? 0);
      block[1] = (block[1] ?? 0) ^ (salt[used + 1] ?? 0);
      used = (used + 2) % 4;
      encipher(state, block, 0);
      words[index] = block[0] ?? 0;
      words[index + 1] = block[1] ?? 0;
    }
  }
}

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** With an alphabet of its own, and no padding. */
const encode = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString("base64")
    .replace(/[^=]|=/g, (letter) => (letter === "=" ? "" : (ALPHABET[BASE64.indexOf(letter)] ?? "")));

const TEXT = new TextEncoder().encode("OrpheanBeholderScryDoubt");
const NO_SALT = new Int32Array(4);

/**
 * `$2a$10$` with 22 letters of the 16 bytes of `salt` and 31 of the hash. `password` has 72 bytes at most. Source: Provos and Mazières, "A Future-Adaptable
 * Password Scheme". Our own, since templates are synchronous and their passwords bytes: bcryptjs takes texts only, hash-wasm answers later.
 */
export function bcrypt(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const words = piWords();
  const state: State = { keys: words.slice(0, 18), boxes: words.slice(18) };
  const key = wordsOf(Uint8Array.of(...password, 0), 18);
  expand(state, key, wordsOf(salt, 4));
  const saltKey = wordsOf(salt, 18);
  for (let round = 2 ** cost; round > 0; round--) {
    expand(state, key, NO_SALT);
    expand(state, saltKey, NO_SALT);
  }
  const block = wordsOf(TEXT, 6);
  for (let at = 0; at < 6; at += 2) for (let round = 0; round < 64; round++) encipher(state, block, at);
  const hash = Uint8Array.from({ length: 23 }, (_, index) => ((block[index >> 2] ?? 0) >>> (24 - 8 * (index & 3))) & 0xff);
  return `$2a$${String(cost).padStart(2, "0")}$${encode(salt)}${encode(hash)}`;
}
