import { spend } from "../../work.ts";
import { describe, type Lexer, type Token, type TokenKind } from "./lex.ts";

/** Thrown within the parser only: the text as Go says it. */
export class ParseProblem extends Error {
  override readonly name = "ParseProblem";
}

/** The tokens as one tree sees them: it may give back up to three. Each tree of a file has its own, over the same lexer. */
export type Tokens = {
  next(): Token;
  nextNonSpace(): Token;
  peek(): Token;
  peekNonSpace(): Token;
  backup(): void;
  /** The given ones come again before the last that was read. */
  backupBefore(...tokens: readonly Token[]): void;
  fail(message: string): never;
  unexpected(token: Token, context: string): never;
  expect(kind: TokenKind, context: string): Token;
};

/** What is made of one takes memory, until the render is over: some 150 bytes. */
const STEPS_OF_TOKEN = 160;

/** `actionLine` is where the action began that is read now; 0 outside. */
export function createTokens(lexer: Lexer, name: string, actionLine: () => number): Tokens {
  // As in Go, where the last token that was lexed stays in the first place, and its line is the one of errors.
  let last: Token = { kind: "eof", at: 0, text: "", line: 0 };
  const behind: Token[] = [];
  let count = 0;
  const at = (index: number): Token => (index === 0 ? last : (behind[index - 1] ?? last));

  const tokens: Tokens = {
    next: () => {
      if (count > 0) count--;
      else {
        spend(STEPS_OF_TOKEN);
        last = lexer.next();
      }
      return at(count);
    },
    nextNonSpace: () => {
      for (;;) {
        const token = tokens.next();
        if (token.kind !== "space") return token;
      }
    },
    peek: () => {
      if (count > 0) return at(count - 1);
      count = 1;
      last = lexer.next();
      return last;
    },
    peekNonSpace: () => {
      const token = tokens.nextNonSpace();
      count++;
      return token;
    },
    backup: () => {
      count++;
    },
    backupBefore: (...given) => {
      given.toReversed().forEach((token, index) => {
        behind[index] = token;
      });
      count = given.length + 1;
    },
    fail: (message) => {
      throw new ParseProblem(`template: ${name}:${last.line}: ${message}`);
    },
    unexpected: (token, context) => {
      if (token.kind !== "error") return tokens.fail(`unexpected ${describe(token)} in ${context}`);
      const started = actionLine();
      if (started === 0 || started === token.line) return tokens.fail(token.text);
      const what = token.text.endsWith(" action") ? " started" : " in action started";
      return tokens.fail(`${token.text}${what} at ${name}:${started}`);
    },
    expect: (kind, context) => {
      const token = tokens.nextNonSpace();
      return token.kind === kind ? token : tokens.unexpected(token, context);
    },
  };
  return tokens;
}
