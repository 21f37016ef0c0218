import type { Comment } from "../../../yaml/scan/scanner.ts";

/** The comments of a text in their order. The scanner is ahead of whoever asks, so all that is asked for is there already. */
export type Comments = {
  /** Those on lines of their own before what begins on `line`, which nobody has taken yet, with the empty lines between them. */
  before(line: number): readonly string[];
  /** As `before`, where something stands before them: to go-yaml those that follow it at once are its own, and the empty line behind them stays. */
  between(line: number): readonly string[];
  /** As `before`, if one of them stands at `column` or deeper; otherwise they stay. */
  within(column: number, line: number): readonly string[];
  /** As `before`, with the empty lines on both sides. */
  around(line: number): readonly string[];
  /** The one behind something that ends on `line`; "" if there is none. */
  behind(line: number): string;
  /** Forgets those before the end of something that has no room for them. */
  drop(line: number): void;
};

export function createComments(comments: readonly Comment[], text: string): Comments {
  const lines = text.split("\n");
  const isEmpty = (line: number): boolean => (lines[line] ?? "#").trim() === "";
  let next = 0;
  const waiting = (line: number): readonly Comment[] => {
    let end = next;
    for (let found = comments[end]; found !== undefined && found.line < line; found = comments[end]) end++;
    return comments.slice(next, end);
  };
  const take = (taken: readonly Comment[]): readonly Comment[] => {
    next += taken.length;
    return taken.filter(({ behind }) => !behind);
  };
  return {
    before: (line) => linesOf(take(waiting(line)), undefined),
    between(line) {
      const taken = take(waiting(line));
      const [first] = taken;
      return linesOf(taken, first === undefined || isEmpty(first.line - 1) ? undefined : line);
    },
    within(column, line) {
      const found = waiting(line);
      return found.some((comment) => !comment.behind && comment.column >= column) ? linesOf(take(found), undefined) : [];
    },
    around(line) {
      const taken = take(waiting(line));
      const [first] = taken;
      return first === undefined ? [] : [...(first.line > 0 && isEmpty(first.line - 1) ? [""] : []), ...linesOf(taken, line)];
    },
    behind(line) {
      const found = waiting(line + 1).findLast((comment) => comment.behind && comment.line === line);
      return found?.text ?? "";
    },
    drop(line) {
      take(waiting(line));
    },
  };
}

/** An empty line stays one; those behind the last comment do if something begins on `line`. */
function linesOf(comments: readonly Comment[], line: number | undefined): readonly string[] {
  return comments.flatMap((comment, index) => {
    const after = comments[index + 1]?.line ?? line ?? comment.line + 1;
    return [comment.text, ...Array.from({ length: after - comment.line - 1 }, () => "")];
  });
}
