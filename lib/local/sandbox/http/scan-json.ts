import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";

/** What JSON.parse does not tell: keys that come twice in one object, by their path (`data.x`, `spec.list[0].a`), in the order of the text. */
export type JsonScan = { readonly duplicates: readonly string[] };

/** Far above any real object, far below what recursion over a value could not stand. The real server: 10,000. */
export const MAX_DEPTH = 500;

type Level = { readonly kind: "object"; readonly keys: Set<string>; key: string } | { readonly kind: "array"; index: number };

const LITERALS: { readonly [first: string]: string } = { t: "true", f: "false", n: "null" };
const ESCAPED: ReadonlySet<string> = new Set('"\\/bfnrt');
// biome-ignore lint/suspicious/noControlCharactersInRegex: these end the plain part of a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const QUOTE = 34;
const BACKSLASH = 92;

/** A byte or character as Go's JSON errors show it. Source: encoding/json quoteChar. */
function shownChar(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  const code = char.codePointAt(0) ?? 0;
  if (char === "\\") return "'\\\\'";
  const named = { "\u0007": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v" }[char];
  if (named !== undefined) return `'${named}'`;
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, "0")}'`;
  return code >= 0x80 && code < 0xa1 ? `'\\u${code.toString(16).padStart(4, "0")}'` : `'${char}'`;
}

/**
 * Looks through a JSON text without recursion. The problem is in the words of Go's encoding/json. Source: encoding/json scanner.go, whose errors
 * name bytes: pass text in latin1 for the exact ones beyond ASCII.
 */
export function scanJson(text: string): Result<JsonScan> {
  const levels: Level[] = [];
  const duplicates: string[] = [];
  let at = 0;

  const bad = (context: string): Result<never> =>
    problem(at >= text.length ? "unexpected end of JSON input" : `invalid character ${shownChar(text[at] ?? "")} ${context}`);
  const blank = (): void => {
    while (at < text.length && (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r")) at += 1;
  };

  /** From the opening quote to behind the closing one. */
  const skipString = (): Result<undefined> => {
    at += 1;
    while (at < text.length) {
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      at = PLAIN.lastIndex;
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        at += 1;
        return ok(undefined);
      }
      if (code !== BACKSLASH) return bad("in string literal");
      at += 1;
      if (text[at] === "u") {
        for (let digit = 0; digit < 4; digit += 1) {
          at += 1;
          if (!/^[0-9a-fA-F]$/.test(text[at] ?? "")) return bad("in \\u hexadecimal character escape");
        }
      } else if (!ESCAPED.has(text[at] ?? "")) return bad("in string escape code");
      at += 1;
    }
    return bad("");
  };

  const digits = (): number => {
    const start = at;
    while (at < text.length && (text[at] ?? "") >= "0" && (text[at] ?? "") <= "9") at += 1;
    return at - start;
  };
  const skipNumber = (): Result<undefined> => {
    if (text[at] === "-") at += 1;
    if (text[at] === "0") at += 1;
    else if (digits() === 0) return bad("in numeric literal");
    if (text[at] === ".") {
      at += 1;
      if (digits() === 0) return bad("after decimal point in numeric literal");
    }
    if (text[at] === "e" || text[at] === "E") {
      at += 1;
      if (text[at] === "+" || text[at] === "-") at += 1;
      if (digits() === 0) return bad("in exponent of numeric literal");
    }
    return ok(undefined);
  };
  const skipLiteral = (word: string): Result<undefined> => {
    for (const char of word) {
      if (text[at] !== char) return bad(`in literal ${word} (expecting '${char}')`);
      at += 1;
    }
    return ok(undefined);
  };

  /** A key and its colon. */
  const readKey = (level: Extract<Level, { readonly kind: "object" }>, context: string): Result<undefined> => {
    blank();
    if (text[at] !== '"') return bad(context);
    const start = at;
    const skipped = skipString();
    if (!skipped.ok) return skipped;
    const raw = text.slice(start + 1, at - 1);
    level.key = raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
    if (level.keys.has(level.key)) duplicates.push(pathOf(levels));
    level.keys.add(level.key);
    blank();
    if (text[at] !== ":") return bad("after object key");
    at += 1;
    return ok(undefined);
  };

  /** Behind a value: what encloses it goes on or ends. `done`: the text is over. */
  const closeValue = (): Result<"more" | "done"> => {
    while (true) {
      blank();
      const level = levels.at(-1);
      if (level === undefined) return at < text.length ? bad("after top-level value") : ok("done");
      const char = text[at];
      if (char === ",") {
        at += 1;
        if (level.kind === "array") {
          level.index += 1;
          return ok("more");
        }
        const key = readKey(level, "looking for beginning of object key string");
        return key.ok ? ok("more") : key;
      }
      if (char !== (level.kind === "array" ? "]" : "}")) return bad(level.kind === "array" ? "after array element" : "after object key:value pair");
      at += 1;
      levels.pop();
    }
  };

  /** One value, or the opening of one. `open`: its first part comes next. */
  const openValue = (): Result<"open" | "closed"> => {
    blank();
    const char = text[at] ?? "";
    if (char === "{" || char === "[") {
      if (levels.length >= MAX_DEPTH) return bad("exceeded max depth");
      const level: Level = char === "{" ? { kind: "object", keys: new Set(), key: "" } : { kind: "array", index: 0 };
      levels.push(level);
      at += 1;
      blank();
      if (text[at] === (char === "{" ? "}" : "]")) {
        at += 1;
        levels.pop();
        return ok("closed");
      }
      if (level.kind === "array") return ok("open");
      const key = readKey(level, "looking for beginning of object key string");
      return key.ok ? ok("open") : key;
    }
    const skipped = char === '"' ? skipString() : skipPlain(char);
    return skipped.ok ? ok("closed") : skipped;
  };
  const skipPlain = (char: string): Result<undefined> => {
    const word = LITERALS[char];
    if (word !== undefined) return skipLiteral(word);
    return char === "-" || (char >= "0" && char <= "9") ? skipNumber() : bad("looking for beginning of value");
  };

  while (true) {
    const opened = openValue();
    if (!opened.ok) return opened;
    if (opened.value === "open") continue;
    const closed = closeValue();
    if (!closed.ok) return closed;
    if (closed.value === "done") return ok({ duplicates });
  }
}

function pathOf(levels: readonly Level[]): string {
  let path = "";
  for (const level of levels) path += level.kind === "array" ? `[${level.index}]` : path === "" ? level.key : `.${level.key}`;
  return path;
}
