const CONTEXT = 3;

type Edit = { readonly sign: " " | "-" | "+"; readonly line: string };

/**
 * The differing places with three lines around each, as `diff -u` without its head. Short texts only: it compares each line with each.
 * Source: apimachinery util/diff, pmezard/go-difflib.
 */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string {
  const edits = editsOf(before, after);
  const changed = edits.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const hunks: { start: number; end: number }[] = [];
  for (const index of changed) {
    const last = hunks.at(-1);
    if (last !== undefined && index - CONTEXT <= last.end) last.end = Math.min(edits.length, index + CONTEXT + 1);
    else hunks.push({ start: Math.max(0, index - CONTEXT), end: Math.min(edits.length, index + CONTEXT + 1) });
  }
  return hunks.map(({ start, end }) => hunkText(edits, start, end)).join("");
}

function hunkText(edits: readonly Edit[], start: number, end: number): string {
  const within = edits.slice(start, end);
  const count = (list: readonly Edit[], sign: "-" | "+"): number => list.filter((edit) => edit.sign === " " || edit.sign === sign).length;
  const range = (sign: "-" | "+"): string => {
    const length = count(within, sign);
    const first = count(edits.slice(0, start), sign) + (length === 0 ? 0 : 1);
    return length === 1 ? `${first}` : `${first},${length}`;
  };
  return `@@ -${range("-")} +${range("+")} @@\n${within.map(({ sign, line }) => `${sign}${line}\n`).join("")}`;
}

/** By the longest common subsequence; what goes stands before what comes. */
function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    const line = lengths[row] ?? [];
    for (let column = after.length - 1; column >= 0; column -= 1)
      line[column] = before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  }
  const edits: Edit[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    if (row < before.length && column < after.length && before[row] === after[column]) {
      edits.push({ sign: " ", line: before[row] ?? "" });
      row += 1;
      column += 1;
    } else if (column >= after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      edits.push({ sign: "-", line: before[row] ?? "" });
      row += 1;
    } else {
      edits.push({ sign: "+", line: after[column] ?? "" });
      column += 1;
    }
  }
  return edits;
}
