import { spend } from "../../work.ts";
import { type Flags, noFlags } from "./format-flags.ts";
import { formatValue, printed } from "./print-value.ts";
import { type GoValue, typeName } from "./value.ts";

/** Widths and precisions beyond it are no numbers, as in Go. */
const TOO_LARGE = 1_000_000;

/** fmt.Sprintf: what does not fit is said in the text, as Go does: `%!d(string=a)`, `%!d(MISSING)`, `%!(EXTRA int=1)`, `%!(NOVERB)`. */
export function sprintf(format: string, args: readonly GoValue[]): string {
  const reader = createReader(format, args);
  let result = "";
  let at = 0;
  for (;;) {
    const percent = format.indexOf("%", at);
    if (percent < 0) return result + format.slice(at) + reader.extra();
    result += format.slice(at, percent);
    const [text, next] = reader.directive(percent + 1);
    result += text;
    at = next;
  }
}

/** fmt.Sprint: a space between two values when neither is a string. */
export function sprint(args: readonly GoValue[]): string {
  let result = "";
  let wasString = true;
  for (const arg of args) {
    const isString = typeof arg === "string";
    result += (isString || wasString ? "" : " ") + printed(arg);
    wasString = isString;
  }
  return result;
}

/** fmt.Sprintln: a space between all, and a line end. */
export const sprintln = (args: readonly GoValue[]): string => `${args.map(printed).join(" ")}\n`;

type Reader = {
  /** The text for the directive that begins at `at`, behind its percent sign, and where it ends. */
  directive(at: number): readonly [text: string, next: number];
  /** What is said of arguments that nothing asked for. */
  extra(): string;
};

function createReader(format: string, args: readonly GoValue[]): Reader {
  const state = { arg: 0, reordered: false, goodIndex: true, afterIndex: false, at: 0 };

  /** `[3]` chooses the argument. */
  const readIndex = (): void => {
    state.afterIndex = false;
    if (format[state.at] !== "[") return;
    state.reordered = true;
    const close = format.indexOf("]", state.at);
    if (close < 0 || format.length - state.at < 3) {
      state.goodIndex = false;
      state.at += 1;
      return;
    }
    const text = format.slice(state.at + 1, close);
    state.at = close + 1;
    const index = /^\d+$/.test(text) ? wholeNumber(text) : undefined;
    if (index !== undefined && index >= 1 && index <= args.length) {
      state.arg = index - 1;
      state.afterIndex = true;
      return;
    }
    state.goodIndex = false;
    state.afterIndex = index !== undefined;
  };

  /** `*`: the next argument is the number. */
  const readStar = (): number | undefined => {
    state.at += 1;
    state.afterIndex = false;
    const value = args[state.arg];
    if (state.arg < args.length) state.arg += 1;
    if (typeof value !== "object" || value === null || value.go !== "int") return undefined;
    const number = Number(value.value);
    return Math.abs(number) > TOO_LARGE ? undefined : number;
  };

  /** The digits at the place; a number that is too large ends the format, as in Go. */
  const readDigits = (): number | undefined => {
    const digits = /^\d*/.exec(format.slice(state.at))?.[0] ?? "";
    if (digits === "") return undefined;
    const number = wholeNumber(digits);
    state.at = number === undefined ? format.length : state.at + digits.length;
    return number;
  };

  const readWidth = (flags: Flags): string => {
    if (format[state.at] !== "*") {
      flags.width = readDigits();
      if (state.afterIndex && flags.width !== undefined) state.goodIndex = false;
      return "";
    }
    const width = readStar();
    flags.width = width === undefined ? undefined : Math.abs(width);
    if (width !== undefined && width < 0) {
      flags.minus = true;
      flags.zero = false;
    }
    return width === undefined ? "%!(BADWIDTH)" : "";
  };

  const readPrecision = (flags: Flags): string => {
    if (format[state.at] !== "." || state.at + 1 >= format.length) return "";
    state.at += 1;
    if (state.afterIndex) state.goodIndex = false;
    readIndex();
    if (format[state.at] !== "*") {
      flags.precision = readDigits() ?? 0;
      return "";
    }
    const precision = readStar();
    flags.precision = precision !== undefined && precision >= 0 ? precision : undefined;
    return flags.precision === undefined ? "%!(BADPREC)" : "";
  };

  const directive = (start: number): readonly [string, number] => {
    state.at = start;
    state.goodIndex = true;
    const direct = format[start];
    if ((direct === "v" || direct === "s") && state.arg < args.length) {
      state.at += 1;
      return [format1(direct, PLAIN), state.at];
    }
    const flags = noFlags();
    while (readFlag(flags, format[state.at])) state.at += 1;
    const simple = format[state.at];
    if (simple !== undefined && simple >= "a" && simple <= "z" && state.arg < args.length) {
      state.at += 1;
      return [format1(simple, flags), state.at];
    }
    readIndex();
    let before = readWidth(flags);
    before += readPrecision(flags);
    if (!state.afterIndex) readIndex();
    const code = format.codePointAt(state.at);
    if (code === undefined) return [`${before}%!(NOVERB)`, state.at];
    const verb = String.fromCodePoint(code);
    state.at += verb.length;
    return [before + format1(verb, flags), state.at];
  };

  const format1 = (verb: string, flags: Flags): string => {
    if (verb === "%") return "%";
    if (!state.goodIndex) return `%!${verb}(BADINDEX)`;
    const value = args[state.arg];
    if (value === undefined) return `%!${verb}(MISSING)`;
    state.arg += 1;
    spend(STEPS_OF_PADDING * (flags.width ?? 0) + STEPS_OF_DIGIT * (flags.precision ?? 0));
    if (flags === PLAIN && (verb === "v" || (verb === "s" && typeof value === "string"))) return printed(value);
    const asValue = verb === "v" || verb === "w";
    return formatValue(value, verb, asValue ? { ...flags, sharpV: flags.sharp, sharp: false, plusV: flags.plus, plus: false } : flags);
  };

  const extra = (): string => {
    if (state.reordered || state.arg >= args.length) return "";
    const rest = args.slice(state.arg).map((arg) => (arg === null ? "<nil>" : `${typeName(arg)}=${printed(arg)}`));
    return `%!(EXTRA ${rest.join(", ")})`;
  };

  return { directive, extra };
}

/** A format of a few letters makes a million of each of them. */
const STEPS_OF_PADDING = 2;
const STEPS_OF_DIGIT = 200;

const PLAIN: Flags = Object.freeze(noFlags());

function readFlag(flags: Flags, character: string | undefined): boolean {
  switch (character) {
    case "#":
      flags.sharp = true;
      return true;
    case "0":
      flags.zero = true;
      return true;
    case "+":
      flags.plus = true;
      return true;
    case "-":
      flags.minus = true;
      return true;
    case " ":
      flags.space = true;
      return true;
    default:
      return false;
  }
}

function wholeNumber(digits: string): number | undefined {
  const number = Number(digits);
  // Go looks before each digit, so that one digit more than the limit has gets through.
  return Number(digits.slice(0, -1)) > TOO_LARGE ? undefined : number;
}
