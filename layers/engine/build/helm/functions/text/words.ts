import { isSpace, isUpper, lettersOf, lowerOf, upperOf } from "./case.ts";

/** What a run of characters is. Source: xstrings convert.go (nextWord). */
type WordKind = "none" | "number" | "upper" | "letters" | "connector" | "punctuation" | "other";
/** `before`: bytes that are no letters, which belong to the letter behind them. */
type Letter = { readonly letter: string; readonly before: string };
type Word = { readonly kind: WordKind; readonly letters: readonly Letter[] };

const isConnector = (letter: string): boolean => letter === "-" || letter === "_" || isSpace(letter);
const isPunctuation = (letter: string): boolean => PUNCTUATION.test(letter);
const isNumber = (letter: string): boolean => NUMBER.test(letter);
const PUNCTUATION = /^\p{P}$/u;
const NUMBER = /^\p{N}$/u;
const LETTER = /^\p{L}$/u;
/** Chinese letters make words of their own. Source: xstrings count.go. */
const isAlphabet = (letter: string): boolean => LETTER.test(letter) && !IDEOGRAPH.test(letter);
const IDEOGRAPH = /^[\u4e00-\u9fcc\u3400-\u4d85\u{20000}-\u{2b81d}]$/u;

export const snakeCase = (text: string): string => joinWords(text, "_");
export const kebabCase = (text: string): string => joinWords(text, "-");

/** The words of a text in lower case with `connector` between them. Source: xstrings camelCaseToLowerCase. */
function joinWords(text: string, connector: string): string {
  const words = createWords(text);
  let out = "";
  let word = words.next();
  const put = ({ kind, letters }: Word): void => {
    const changes = kind === "upper" || kind === "connector";
    for (const { letter, before } of letters) out += changes ? before.toWellFormed() + changed(letter, connector) : before + letter;
  };
  const connect = (): void => {
    if (word.kind !== "connector" && word.kind !== "punctuation") out += connector;
  };
  const putLettersAndNumbers = (): void => {
    for (; word.kind === "letters" || word.kind === "number"; word = words.next()) put(word);
    if (word.kind !== "none") connect();
  };
  while (words.hasMore()) {
    const last = word;
    if (last.kind !== "connector") put(last);
    word = words.next();
    if (last.kind === "number") putLettersAndNumbers();
    else if (last.kind === "connector") put(last);
    else if (last.kind !== "punctuation" && word.kind !== "number") connect();
    else if (last.kind !== "punctuation" && words.hasMore()) {
      // Digits belong to the word before them, unless small letters follow: `Bld4Floor` and `HTTP2xx`.
      const digits = word;
      word = words.next();
      if (word.kind === "letters") {
        out += connector;
        put(digits);
        putLettersAndNumbers();
      } else {
        put(digits);
        connect();
      }
    }
  }
  put(word);
  return out;
}

function changed(letter: string, connector: string): string {
  if (isConnector(letter)) return connector;
  return isUpper(letter) ? lowerOf(letter) : letter.toWellFormed();
}

type Words = { next(): Word; hasMore(): boolean };

function createWords(text: string): Words {
  const all = lettersWithBytes(text);
  const letters = all.map(({ letter }) => letter);
  let at = 0;
  return {
    hasMore: () => at < all.length,
    next: () => {
      const start = at;
      const first = letters[at];
      if (first === undefined) return { kind: "none", letters: [] };
      const kind = kindOf(first);
      at = endOf(letters, start, kind);
      return { kind, letters: all.slice(start, at) };
    },
  };
}

const NO_LETTER = /^[\ufffd\ud800-\udfff]$/;

/** Those at the end belong to the letter before them. */
function lettersWithBytes(text: string): readonly Letter[] {
  const letters: Letter[] = [];
  let before = "";
  for (const letter of text) {
    if (NO_LETTER.test(letter)) before += letter;
    else {
      letters.push({ letter, before });
      before = "";
    }
  }
  const last = letters.pop();
  if (last === undefined) return before === "" ? [] : [{ letter: before, before: "" }];
  return [...letters, before === "" ? last : { letter: last.letter + before, before: last.before }];
}

function kindOf(letter: string): WordKind {
  if (isConnector(letter)) return "connector";
  if (isPunctuation(letter)) return "punctuation";
  if (isUpper(letter)) return "upper";
  if (isAlphabet(letter)) return "letters";
  return isNumber(letter) ? "number" : "other";
}

function endOf(letters: readonly string[], start: number, kind: WordKind): number {
  const run = (from: number, belongs: (letter: string) => boolean): number => {
    let end = from;
    for (let letter = letters[end]; letter !== undefined && belongs(letter); letter = letters[end]) end++;
    return end;
  };
  switch (kind) {
    case "connector":
      return run(start + 1, isConnector);
    case "punctuation":
      return run(start + 1, isPunctuation);
    case "number":
      return run(start + 1, isNumber);
    case "letters":
      return run(start + 1, isSmall);
    case "upper":
      return endOfUpper(letters, start, run);
    default:
      return run(start + 1, (letter) => !isConnector(letter) && !isAlphabet(letter) && !isNumber(letter) && !isPunctuation(letter));
  }
}

const isSmall = (letter: string): boolean => isAlphabet(letter) && !isUpper(letter);

/** `HTTPStatus` is `HTTP` and `Status`. */
function endOfUpper(letters: readonly string[], start: number, run: (from: number, belongs: (letter: string) => boolean) => number): number {
  const second = letters[start + 1];
  if (second === undefined) return start + 1;
  if (!isUpper(second)) return run(start + 1, isSmall);
  const end = run(start + 1, isUpper);
  const next = letters[end];
  return next !== undefined && isAlphabet(next) ? end - 1 : end;
}

/** Each word with its first letter in upper case, without what stood between them. Source: xstrings ToPascalCase. */
export function pascalCase(text: string): string {
  const letters = lettersOf(text);
  const start = letters.findIndex((letter) => !isConnector(letter));
  const first = letters[start];
  // A text of nothing but connectors has its last one twice.
  if (first === undefined) return letters.join("") + (letters.at(-1) ?? "");
  let out = letters.slice(0, start).join("");
  let current = upperOf(first);
  let inUpper = isUpper(first);
  for (const letter of letters.slice(start + 1)) {
    const previous = current;
    current = letter;
    if (isConnector(letter) && isConnector(previous)) out += previous;
    else if (isConnector(previous)) {
      inUpper = isUpper(letter);
      current = upperOf(letter);
    } else {
      inUpper &&= isUpper(letter);
      if (inUpper) current = lowerOf(letter);
      out += previous;
    }
  }
  return out + current;
}
