import { checkPrimeSync } from "node:crypto";
import { onFirstUse } from "../../../../tables/on-first-use.ts";
import { type RandomBytes, randomBelow } from "../chance/random-bytes.ts";

const SMALL_LIMIT = 18_000;

const smallPrimes: () => readonly number[] = onFirstUse(() => {
  const sieve = new Uint8Array(SMALL_LIMIT);
  const primes: number[] = [];
  for (let number = 3; number < SMALL_LIMIT; number += 2) {
    if (sieve[number] === 1) continue;
    primes.push(number);
    for (let multiple = number * number; multiple < SMALL_LIMIT; multiple += 2 * number) sieve[multiple] = 1;
  }
  return primes;
});

/** How far a start is gone on from; then another one is drawn. */
const REACH = 20_000;

/** A prime with `bits` bits of which the two highest are set, so that the product of two has twice as many: the first behind a number that is drawn. */
export function drawPrime(bytes: RandomBytes, bits: number, isWanted: (prime: bigint) => boolean): bigint {
  const top = 3n << BigInt(bits - 2);
  for (;;) {
    const start = top + randomBelow(bytes, 1n << BigInt(bits - 2));
    const found = firstPrime(start | 1n, 2n, bits, isWanted);
    if (found !== undefined) return found;
  }
}

/** The first prime of `start`, `start + step` …, none of which is even; undefined when none of many is one. */
export function firstPrime(start: bigint, step: bigint, bits: number, isWanted: (prime: bigint) => boolean): bigint | undefined {
  const composite = new Uint8Array(REACH);
  for (const prime of smallPrimes()) markMultiples(composite, Number(start % BigInt(prime)), Number(step % BigInt(prime)), prime);
  for (const [index, isComposite] of composite.entries()) {
    if (isComposite === 1) continue;
    const candidate = start + BigInt(index) * step;
    if (candidate >> BigInt(bits) !== 0n) return undefined;
    if (isWanted(candidate) && checkPrimeSync(candidate)) return candidate;
  }
  return undefined;
}

function markMultiples(composite: Uint8Array, start: number, step: number, prime: number): void {
  if (step === 0) return;
  let rest = start;
  let first = 0;
  for (; rest !== 0 && first < prime; first++) rest = (rest + step) % prime;
  for (let index = first; index < composite.length; index += prime) composite[index] = 1;
}

/** `base` to the power of `exponent`. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** What times `value` is one. */
export function inverseModulo(value: bigint, modulus: bigint): bigint {
  let [rest, next] = [((value % modulus) + modulus) % modulus, modulus];
  let [factor, nextFactor] = [1n, 0n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % modulus) + modulus) % modulus;
}
