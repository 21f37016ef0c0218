/** The lower-case letters that have several letters as upper case in Unicode's long mapping, and one in the short mapping, which Go uses. */
const SHORT_UPPER: ReadonlyMap<string, string> = new Map([
  ["\u1fb3", "\u1fbc"],
  ["\u1fc3", "\u1fcc"],
  ["\u1ff3", "\u1ffc"],
]);
/** DŽ, LJ, NJ and DZ: letters that have a third form for the beginning of a word. */
const TITLES: ReadonlyMap<string, string> = new Map(
  [0x1c4, 0x1c7, 0x1ca, 0x1f1].flatMap((upper): [string, string][] =>
    [0, 1, 2].map((step) => [String.fromCharCode(upper + step), String.fromCharCode(upper + 1)]),
  ),
);

const ASCII = /^[\0-\x7f]*$/;

/** The letters of a text; a byte that is none is U+FFFD. */
export const lettersOf = (text: string): string[] => Array.from(text.toWellFormed());

/** Source: Go strings.ToUpper: letter by letter, so that `ß` stays what it is. */
export const toUpper = (text: string): string => (ASCII.test(text) ? text.toUpperCase() : lettersOf(text).map(upperOf).join(""));
export const toLower = (text: string): string => (ASCII.test(text) ? text.toLowerCase() : lettersOf(text).map(lowerOf).join(""));

export function upperOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const short = SHORT_UPPER.get(letter);
  if (short !== undefined) return short;
  // Greek letters with an iota below: from eight to eight.
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8);
  const upper = letter.toUpperCase();
  return isOneLetter(upper) ? upper : letter;
}

export function lowerOf(letter: string): string {
  if (letter === "\u0130") return "i";
  const lower = letter.toLowerCase();
  return isOneLetter(lower) ? lower : letter;
}

/** Georgian letters have an upper case, but no form for the beginning of a word. */
export function titleOf(letter: string): string {
  const title = TITLES.get(letter);
  if (title !== undefined) return title;
  const code = letter.codePointAt(0) ?? 0;
  return (code >= 0x10d0 && code <= 0x10fa) || (code >= 0x10fd && code <= 0x10ff) ? letter : upperOf(letter);
}

const isOneLetter = (text: string): boolean => text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);

export const isUpper = (letter: string): boolean => UPPER.test(letter);
export const isLower = (letter: string): boolean => LOWER.test(letter);
export const isTitle = (letter: string): boolean => TITLE.test(letter);
const UPPER = /^\p{Lu}$/u;
const LOWER = /^\p{Ll}$/u;
const TITLE = /^\p{Lt}$/u;

/** Source: Go unicode.IsSpace. */
export const isSpace = (letter: string): boolean => SPACE.test(letter);
const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** Source: Go strings.Title, which begins a word behind everything that is neither letter, digit, underscore nor (beyond ASCII) anything but a space. */
export function toTitle(text: string): string {
  let previous = " ";
  return lettersOf(text)
    .map((letter) => {
      const out = isSeparator(previous) ? titleOf(letter) : letter;
      previous = letter;
      return out;
    })
    .join("");
}

function isSeparator(letter: string): boolean {
  if (letter <= "\x7f") return !WORD.test(letter);
  return !LETTER_OR_DIGIT.test(letter) && isSpace(letter);
}
const WORD = /^[0-9A-Za-z_]$/;
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}]$/u;

/** The first letter of each word in lower case. Source: goutils Uncapitalize. */
export function untitle(text: string): string {
  let isFirst = true;
  return lettersOf(text)
    .map((letter) => {
      if (isSpace(letter)) {
        isFirst = true;
        return letter;
      }
      const out = isFirst ? lowerOf(letter) : letter;
      isFirst = false;
      return out;
    })
    .join("");
}

/** Source: goutils SwapCase: a lower-case letter at the beginning of a word gets its form for there. */
export function swapCase(text: string): string {
  let afterSpace = true;
  return lettersOf(text)
    .map((letter) => {
      if (isUpper(letter) || isTitle(letter)) {
        afterSpace = false;
        return lowerOf(letter);
      }
      if (!isLower(letter)) {
        afterSpace = isSpace(letter);
        return letter;
      }
      const out = afterSpace ? titleOf(letter) : upperOf(letter);
      afterSpace = false;
      return out;
    })
    .join("");
}
