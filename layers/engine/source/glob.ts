type Piece =
  | { readonly kind: "any-run" }
  | { readonly kind: "any-one" }
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly Range[] }
  | Literal;
type Literal = { readonly kind: "letter"; readonly letter: string };
type Range = { readonly from: string; readonly to: string };

/** A pattern for one component of a path: `*`, `?`, `[a-z]`, `[^a-z]`, `\` before any letter. Source: Go, path/filepath.Match. */
export type Glob = readonly Piece[];

/** The pattern, or undefined when it is malformed (`[`, `a\`): such a one matches nothing. */
export function parseGlob(text: string): Glob | undefined {
  const letters = Array.from(text);
  const pieces: Piece[] = [];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    if (letter === "*") pieces.push({ kind: "any-run" });
    else if (letter === "?") pieces.push({ kind: "any-one" });
    else if (letter === "[") {
      const found = parseClass(letters, at + 1);
      if (found === undefined) return undefined;
      pieces.push(found.piece);
      at = found.end;
    } else if (letter === "\\") {
      const next = letters[++at];
      if (next === undefined) return undefined;
      pieces.push({ kind: "letter", letter: next });
    } else pieces.push({ kind: "letter", letter });
  }
  return pieces;
}

/** The class that begins after `[` at `start`; `end` is where its `]` stands. */
function parseClass(letters: readonly string[], start: number): { readonly piece: Piece; readonly end: number } | undefined {
  const negated = letters[start] === "^";
  const ranges: Range[] = [];
  let at = negated ? start + 1 : start;
  while (letters[at] !== "]" || ranges.length === 0) {
    const from = classLetter(letters, at);
    if (from === undefined) return undefined;
    at = from.next;
    if (letters[at] !== "-") {
      ranges.push({ from: from.letter, to: from.letter });
      continue;
    }
    const to = classLetter(letters, at + 1);
    if (to === undefined) return undefined;
    ranges.push({ from: from.letter, to: to.letter });
    at = to.next;
  }
  return { piece: { kind: "class", negated, ranges }, end: at };
}

function classLetter(letters: readonly string[], at: number): { readonly letter: string; readonly next: number } | undefined {
  const letter = letters[at];
  if (letter === undefined || letter === "-" || letter === "]") return undefined;
  if (letter !== "\\") return { letter, next: at + 1 };
  const escaped = letters[at + 1];
  return escaped === undefined ? undefined : { letter: escaped, next: at + 2 };
}

/** Time grows with the product of both lengths at most: of several `*` only the last one is ever tried anew. */
export function matchesGlob(glob: Glob, text: string): boolean {
  const letters = Array.from(text);
  let piece = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < letters.length) {
    const current = glob[piece];
    if (current?.kind === "any-run") {
      star = piece++;
      starAt = at;
    } else if (current !== undefined && matchesOne(current, letters[at] ?? "")) {
      piece++;
      at++;
    } else if (star >= 0) {
      piece = star + 1;
      at = ++starAt;
    } else return false;
  }
  return glob.slice(piece).every(({ kind }) => kind === "any-run");
}

function matchesOne(piece: Piece, letter: string): boolean {
  switch (piece.kind) {
    case "any-run":
      return false;
    case "any-one":
      return true;
    case "letter":
      return piece.letter === letter;
    case "class":
      return piece.ranges.some(({ from, to }) => from <= letter && letter <= to) !== piece.negated;
  }
}
