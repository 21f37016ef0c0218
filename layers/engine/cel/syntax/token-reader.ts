import type { SourceError } from "./source-error.ts";
import type { Token } from "./tokens.ts";

/** The order in which ANTLR lists what it expected: that of the token types in cel-go's grammar. */
const ORDER = [
  ..."== != in < <= >= > && || [ ] { } ( ) . , - ! ? : + * / % true false null".split(" ").map((sign) => `'${sign}'`),
  "NUM_FLOAT",
  "NUM_INT",
  "NUM_UINT",
  "STRING",
  "BYTES",
  "IDENTIFIER",
  "ESC_IDENTIFIER",
];
/** Source: cel-go's default limit of the parser's recursion is 250. */
const MAX_DEPTH = 250;

/** Stops the reading: what follows the first error that is not a missing operand cannot be told as ANTLR's recovery would. */
export class Lost extends Error {}

/** The tokens of an expression one after the other, and the errors, told in the way of ANTLR's default error strategy. */
export type Reader = ReturnType<typeof createReader>;

export function createReader(tokens: readonly Token[], found: SourceError[]) {
  const last: Token = tokens.at(-1) ?? { kind: "<EOF>", text: "<EOF>", offset: 0 };
  let index = 0;
  let depth = 0;
  /** True from an error to the next token that fits: ANTLR is silent meanwhile. */
  let recovering = false;
  const at = (ahead = 0): Token => tokens[index + ahead] ?? last;
  const report = (token: Token, message: string): void => {
    if (!recovering) found.push({ offset: token.offset, message });
    recovering = true;
  };
  const fail = (token: Token, message: string): never => {
    report(token, `Syntax error: ${message}`);
    throw new Lost();
  };
  const skip = (): void => {
    index += 1;
  };
  return {
    at,
    is: (...kinds: readonly string[]): boolean => kinds.includes(at().kind),
    fail,
    report,
    skip,
    note: (token: Token, message: string): void => {
      found.push({ offset: token.offset, message });
    },
    take: (): Token => {
      const token = at();
      recovering = false;
      skip();
      return token;
    },
    /** Before a choice: a token too many is skipped if the next one fits. */
    sync: (expected: readonly string[]): boolean => {
      const token = at();
      if (expected.includes(token.kind)) return true;
      if (token.kind !== "<EOF>" && expected.includes(at(1).kind)) {
        report(token, `Syntax error: extraneous input '${token.text}' expecting ${setOf(expected)}`);
        skip();
        return true;
      }
      report(token, `Syntax error: mismatched input '${token.text}' expecting ${setOf(expected)}`);
      return false;
    },
    nested: (read: () => void): void => {
      depth += 1;
      if (depth > MAX_DEPTH) {
        found.push({ message: `expression recursion limit exceeded: ${MAX_DEPTH}` });
        throw new Lost();
      }
      read();
      depth -= 1;
    },
  };
}

function setOf(expected: readonly string[]): string {
  const sorted = expected.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  return sorted.length === 1 ? (sorted[0] ?? "") : `{${sorted.join(", ")}}`;
}
