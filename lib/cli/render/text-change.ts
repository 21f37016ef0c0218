/** Longer texts are shown whole: comparing them line by line would take too long. */
const MAX_LINES = 1000;

/** The lines that went and came, in order; undefined where both texts are too long to compare. */
export function changedLines(before: string, after: string): readonly { readonly sign: "+" | "-"; readonly line: string }[] | undefined {
  const [from, to] = [before.split("\n"), after.split("\n")];
  if (from.length > MAX_LINES || to.length > MAX_LINES) return undefined;
  const common = commonLengths(from, to);
  const changes: { sign: "+" | "-"; line: string }[] = [];
  for (let i = 0, j = 0; i < from.length || j < to.length; ) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      i++;
      j++;
    } else if (j >= to.length || (i < from.length && at(common, i + 1, j) >= at(common, i, j + 1))) changes.push({ sign: "-", line: from[i++] ?? "" });
    else changes.push({ sign: "+", line: to[j++] ?? "" });
  }
  return changes;
}

/** How many lines the rests from `i` and `j` on have in common, in order. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly Uint16Array[] {
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined) row[j] = from[i] === to[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  return lengths;
}

const at = (lengths: readonly Uint16Array[], i: number, j: number): number => lengths[i]?.[j] ?? 0;
