import { spend } from "../work.ts";
import { type Canonical, canonical, canonicalText } from "./canonical.ts";

/** Shorter values occur in every text; replacing them would say more than it hides. */
const SHORTEST = 3;
/** Values are looked for in pieces of this length, so that a long one is hidden where only a part of it is shown, and none is compared over and over. */
const PIECE = 64;
/** What is shorter and has nothing that writing could change must stand there in one piece. */
const LOOSE = 16;
const CHANGEABLE = /[\s\\"']/;
/** Pieces are found by how they begin: the longest of these lengths that they have. */
const LONG_START = 8;
const HASHES = 1 << 22;

/** Takes a value that must not be shown. */
export type Hide = (value: string) => void;

type Wanted = {
  /** By the beginning, the lengths of pieces that begin so. */
  readonly lengths: Map<string, Set<number>>;
  /** Whether a piece may be spread, by piece. */
  readonly pieces: Map<string, boolean>;
};

/** `text` with `mask` for every value that `collect` hands over, in whatever form it is written. Takes the time of all values together and of the text. */
export function maskValues(text: string, mask: string, collect: (hide: Hide) => void): string {
  const written = canonical(text);
  spend(4 * text.length);
  const beginnings = beginningsOf(written.text);
  const wanted: Wanted = { lengths: new Map(), pieces: new Map() };
  const seen = new Set<string>();
  collect((value) => {
    if (value.length < SHORTEST || seen.has(value)) return;
    seen.add(value);
    spend(2 * value.length);
    addPieces(value, beginnings, wanted);
  });
  return wanted.pieces.size === 0 ? text : masked(text, mask, written, wanted);
}

function addPieces(value: string, beginnings: Uint8Array, wanted: Wanted): void {
  const text = canonicalText(value);
  if (text.length < SHORTEST) return;
  const isLoose = text.length >= LOOSE || CHANGEABLE.test(value);
  const last = Math.max(text.length - PIECE, 0);
  for (let at = 0; at < last; at += PIECE) addPiece(text.slice(at, at + PIECE), isLoose, beginnings, wanted);
  addPiece(text.slice(last), isLoose, beginnings, wanted);
}

function addPiece(piece: string, isLoose: boolean, beginnings: Uint8Array, { lengths, pieces }: Wanted): void {
  const count = piece.length < LONG_START ? SHORTEST : LONG_START;
  if (beginnings[hashAt(piece, 0, count)] !== 1) return;
  const start = piece.slice(0, count);
  const known = lengths.get(start);
  if (known === undefined) lengths.set(start, new Set([piece.length]));
  else known.add(piece.length);
  pieces.set(piece, isLoose || pieces.get(piece) === true);
}

/** By hash, how something in `text` begins. */
function beginningsOf(text: string): Uint8Array {
  const beginnings = new Uint8Array(HASHES);
  for (const count of [SHORTEST, LONG_START]) {
    for (let at = 0; at + count <= text.length; at++) beginnings[hashAt(text, at, count)] = 1;
  }
  return beginnings;
}

function hashAt(text: string, at: number, count: number): number {
  let hash = count;
  for (let index = at; index < at + count; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) & (HASHES - 1);
}

function masked(text: string, mask: string, written: Canonical, wanted: Wanted): string {
  const parts: string[] = [];
  let shown = 0;
  let hiddenTo = 0;
  for (let at = 0; at < written.text.length; at++) {
    const end = longestAt(text, at, written, wanted);
    if (end <= hiddenTo) continue;
    const isContinued = hiddenTo > 0 && at <= hiddenTo;
    if (!isContinued) parts.push(text.slice(shown, written.starts[at]), mask);
    shown = written.ends[end - 1] ?? text.length;
    hiddenTo = end;
  }
  return parts.join("") + text.slice(shown);
}

/** Where the longest piece that stands at a place ends, 0 if there is none. */
function longestAt(text: string, at: number, written: Canonical, { lengths, pieces }: Wanted): number {
  let longest = 0;
  for (const count of [SHORTEST, LONG_START]) {
    const found = lengths.get(written.text.slice(at, at + count));
    for (const length of found ?? []) {
      if (length <= longest || at + length > written.text.length) continue;
      const isLoose = pieces.get(written.text.slice(at, at + length));
      if (isLoose === undefined) continue;
      if (isLoose || !CHANGEABLE.test(text.slice(written.starts[at], written.ends[at + length - 1]))) longest = length;
    }
  }
  return longest === 0 ? 0 : at + longest;
}
