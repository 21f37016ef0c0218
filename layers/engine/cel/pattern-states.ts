const PIECE = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/g;

/** About how many states RE2 compiles the pattern to: one for each character, times what repetitions make of it. */
export function statesOf(pattern: string): number {
  const outer: number[] = [];
  let sum = 0;
  let atom = 0;
  for (const [piece, least, most] of pattern.matchAll(PIECE)) {
    if (piece === "(") {
      outer.push(sum);
      sum = 0;
      atom = 0;
    } else if (piece === ")") {
      atom = sum + 1;
      sum = (outer.pop() ?? 0) + atom;
    } else if (least !== undefined) {
      const more = atom * Math.max(Number(most === undefined || most === "" ? least : most) - 1, 0);
      sum += more;
      atom += more;
    } else {
      atom = 1;
      sum += 1;
    }
  }
  return outer.reduce((total, one) => total + one, sum);
}
