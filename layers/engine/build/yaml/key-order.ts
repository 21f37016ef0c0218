const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

type Run = { readonly end: number; readonly value: bigint };

/**
 * The order in which go-yaml writes the keys of a map: by letters, but numbers inside of a key count as numbers (`a2` before `a10`),
 * and what is no letter comes before letters. Source: recorded output of go-yaml v2.
 */
export function byKey(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
  if (isAsciiLetter(x) && isAsciiLetter(y)) return x - y;
  return byCharacters([...a], [...b]);
}

const isAsciiLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);

function byCharacters(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [x = "", y = ""] = [left[index], right[index]];
    if (x !== y) return compareAt(left, right, index, x, y);
  }
  return left.length - right.length;
}

function compareAt(left: readonly string[], right: readonly string[], index: number, x: string, y: string): number {
  const xLetter = LETTER.test(x);
  const yLetter = LETTER.test(y);
  if (xLetter && yLetter) return byCode(x, y);
  if (xLetter || yLetter) return yLetter ? -1 : 1;
  // A zero inside of a number is a digit of it, at its beginning it is not: 10 > 9, 09 < 10.
  const start = (x === "0" || y === "0") && isInsideNumber(left, index) ? 1n : 0n;
  const xRun = runOf(left, index, start);
  const yRun = runOf(right, index, start);
  if (xRun.value !== yRun.value) return xRun.value < yRun.value ? -1 : 1;
  if (xRun.end !== yRun.end) return xRun.end - yRun.end;
  return byCode(x, y);
}

function isInsideNumber(text: readonly string[], index: number): boolean {
  for (let at = index - 1; at >= 0 && DIGIT.test(text[at] ?? ""); at--) if (text[at] !== "0") return true;
  return false;
}

function runOf(text: readonly string[], index: number, start: bigint): Run {
  let value = start;
  let end = index;
  for (; end < text.length && DIGIT.test(text[end] ?? ""); end++) value = BigInt.asIntN(64, value * 10n + BigInt((text[end]?.codePointAt(0) ?? 48) - 48));
  return { end, value };
}

const byCode = (x: string, y: string): number => (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0);
