import { CR, HASH, isBlank, isBreak, LF, SPACE, TAB } from "./characters.ts";
import { charAt, peek, type Scanner, skipComment, takeBreak } from "./scanner.ts";
import { BLOCK_ENTRY, FOLDED, LITERAL } from "./token.ts";

/**
 * Steps over spaces, comments and line breaks. Tabs count as spaces except where they could be taken for an indentation: before what may be a key.
 * Source: go-yaml scannerc.go, scan_to_next_token.
 */
export function skipToToken(scanner: Scanner): void {
  for (;;) {
    const tabs = scanner.flowLevel > 0 || !scanner.keyAllowed;
    let at = scanner.at;
    for (let code = charAt(scanner, at); code === SPACE || (tabs && code === TAB); code = charAt(scanner, at)) at++;
    scanner.at = at;
    if (charAt(scanner, at) === HASH) skipComments(scanner);
    if (!isBreak(peek(scanner, 0))) return;
    takeBreak(scanner);
    if (scanner.flowLevel === 0) scanner.keyAllowed = true;
  }
}

/** How far go-yaml v3 looks for the next comment. */
const LOOK_AHEAD = 512;

/** Version 3 takes comments together, with what is blank between them, be it a tab. Source: go-yaml v3 scannerc.go, scan_comments. */
function skipComments(scanner: Scanner): void {
  skipComment(scanner);
  if (scanner.version === 2) return;
  for (;;) {
    const next = nextComment(scanner);
    if (next === undefined) return;
    while (scanner.at < next) {
      if (isBreak(peek(scanner, 0))) takeBreak(scanner);
      else scanner.at++;
    }
    skipComment(scanner);
  }
}

function nextComment(scanner: Scanner): number | undefined {
  for (let ahead = 0; ahead < LOOK_AHEAD; ahead++) {
    const code = peek(scanner, ahead);
    if (code === HASH) return scanner.at + ahead;
    if (!isBlank(code) && code !== LF && code !== CR) return undefined;
  }
  return undefined;
}

/** Version 3 takes a comment together with the token before it on its line, also behind a tab. Source: go-yaml v3 scannerc.go, scan_line_comment. */
export function skipLineComment(scanner: Scanner): void {
  if (scanner.version === 2) return;
  const last = scanner.tokens[scanner.tokens.length - 1];
  // Behind a scalar that has taken line breaks with it, a comment stands on a line of its own.
  if (last === undefined || last.kind === BLOCK_ENTRY || last.kind === LITERAL || last.kind === FOLDED || last.endLine !== scanner.line) return;
  let ahead = 0;
  while (ahead < LOOK_AHEAD && isBlank(peek(scanner, ahead))) ahead++;
  if (ahead === LOOK_AHEAD || peek(scanner, ahead) !== HASH) return;
  scanner.at += ahead;
  skipComment(scanner);
}
