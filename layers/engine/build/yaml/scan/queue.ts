import { fetchToken } from "./fetch.ts";
import { isUsable } from "./keys.ts";
import type { Scanner } from "./scanner.ts";
import { FAILED, type Token, token } from "./token.ts";

/** Version 3 looks two tokens further, for the comments; so it sees a fault there before what comes first. */
const lookAheadOf = (scanner: Scanner): number => (scanner.version === 3 ? 3 : 1);
/** From that many taken tokens on, their places are used again. */
const MOST_TAKEN = 64;

const NOTHING = token(FAILED, 0);

/** The kind of the next token, which stays where it is; FAILED from the first fault on. Source: go-yaml scannerc.go, fetch_more_tokens. */
export function nextKind(scanner: Scanner): number {
  if (!scanner.ready) fetchUntilReady(scanner);
  return scanner.failure === undefined ? nextToken(scanner).kind : FAILED;
}

/** The next token; `nextKind` must have been asked before. */
export const nextToken = (scanner: Scanner): Token => scanner.tokens[scanner.head] ?? NOTHING;

export function takeToken(scanner: Scanner): Token {
  const taken = nextToken(scanner);
  if (scanner.failure !== undefined) return taken;
  scanner.ready = false;
  scanner.taken++;
  scanner.head++;
  if (scanner.head === MOST_TAKEN) {
    scanner.tokens.copyWithin(0, MOST_TAKEN);
    scanner.tokens.length -= MOST_TAKEN;
    scanner.head = 0;
  }
  return taken;
}

function fetchUntilReady(scanner: Scanner): void {
  const least = lookAheadOf(scanner);
  while (scanner.failure === undefined) {
    if (scanner.tokens.length - scanner.head >= least && !mayBecomeKey(scanner)) break;
    fetchToken(scanner);
  }
  scanner.ready = true;
}

/** A `:` may still show that the next token is the beginning of a key. */
function mayBecomeKey(scanner: Scanner): boolean {
  for (let level = 0; level <= scanner.flowLevel; level++) {
    const key = scanner.keys[level];
    if (key?.possible === true && !key.hidden && key.token === scanner.taken) return isUsable(scanner, key);
  }
  return false;
}
