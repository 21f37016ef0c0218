export type Symbol = ")" | "," | "!" | "==" | "=" | ">" | "in" | "<" | "!=" | "notin" | "(";

/** `text` is what stood there, also for messages; that of `end` is "". */
export type Token = { readonly kind: Symbol | "identifier" | "end"; readonly text: string };

const SPACE = /[ \t\r\n]/;
const SPECIAL = /[=!(),><]/;
const END: Token = { kind: "end", text: "" };

/** The tokens of a label selector; the last one is `end`. A NUL ends what it stands in, as in Go's lexer. Source: kyaml's labels.Lexer. */
export function labelTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (SPACE.test(text[at] ?? "")) at++;
    const first = text[at] ?? "\0";
    if (first === "\0") return [...tokens, END];
    const token = SPECIAL.test(first) ? symbolAt(text, at) : wordAt(text, at);
    tokens.push(token);
    at += token.text.length;
    if (text[at] === "\0") at++;
  }
}

function symbolAt(text: string, at: number): Token {
  const two = text.slice(at, at + 2);
  if (two === "==" || two === "!=") return { kind: two, text: two };
  const one = text[at];
  switch (one) {
    case ")":
    case ",":
    case "!":
    case "=":
    case ">":
    case "<":
    case "(":
      return { kind: one, text: one };
    default:
      return END;
  }
}

function wordAt(text: string, start: number): Token {
  let end = start;
  while (end < text.length && !SPACE.test(text[end] ?? "") && !SPECIAL.test(text[end] ?? "") && text[end] !== "\0") end++;
  const word = text.slice(start, end);
  return { kind: word === "in" || word === "notin" ? word : "identifier", text: word };
}
