import { spend } from "../../work.ts";
/** A text with its vars put in, or, where it is nothing but one var, what stands for it. */
export type Expansion<Value> = { readonly kind: "text"; readonly text: string } | { readonly kind: "whole"; readonly value: Value };

const DOLLAR = 0x24;
const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * Replaces each `$(NAME)` by what `valueOfVar` says; undefined leaves it as it is. `$$` is one dollar, so that `$$(NAME)` is `$(NAME)`; a dollar before anything else
 * stays. Go goes by bytes there: behind a dollar, each byte of a letter outside of ASCII becomes a letter of its own, what is left of it is no UTF-8, and such a text
 * becomes base64.
 * Source: kustomize api/filters/refvar/expand.go.
 */
export function expand<Value>(text: string, valueOfVar: (name: string) => Value | undefined, show: (value: Value) => string): Expansion<Value> {
  if (!text.includes("$")) return { kind: "text", text };
  spend(5 * text.length);
  const input = Buffer.from(text, "utf8");
  const pieces: Buffer[] = [];
  let written = 0;
  const lastClose = input.lastIndexOf(CLOSE);
  for (let at = input.indexOf(DOLLAR); at >= 0 && at + 1 < input.length; at = input.indexOf(DOLLAR, written)) {
    pieces.push(input.subarray(written, at));
    const reference = readReference(input, at + 1, lastClose);
    written = at + 1 + reference.length;
    if (reference.kind === "literal") {
      pieces.push(Buffer.from(reference.text, "utf8"));
      continue;
    }
    const value = valueOfVar(reference.name);
    if (value !== undefined && text === `$(${reference.name})`) return { kind: "whole", value };
    const shown = value === undefined ? `$(${reference.name})` : show(value);
    spend(shown.length);
    pieces.push(Buffer.from(shown, "utf8"));
  }
  pieces.push(input.subarray(written));
  return { kind: "text", text: textOfBytes(Buffer.concat(pieces)) };
}

/** `length` counts the bytes behind the dollar. */
type Reference =
  | { readonly kind: "var"; readonly name: string; readonly length: number }
  | { readonly kind: "literal"; readonly text: string; readonly length: number };

/** `lastClose`: without looking for one to the end again and again. */
function readReference(input: Buffer, at: number, lastClose: number): Reference {
  const first = input[at] ?? DOLLAR;
  if (first === DOLLAR) return { kind: "literal", text: "$", length: 1 };
  if (first !== OPEN) return { kind: "literal", text: `$${String.fromCodePoint(first)}`, length: 1 };
  const close = lastClose <= at ? -1 : input.indexOf(CLOSE, at + 1);
  if (close < 0) return { kind: "literal", text: "$(", length: 1 };
  return { kind: "var", name: input.toString("utf8", at + 1, close), length: close - at + 1 };
}

const LINE = 70;

/** Source: go-yaml Node.SetString. */
function textOfBytes(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  if (Buffer.from(text, "utf8").equals(bytes)) return text;
  const encoded = bytes.toString("base64");
  if (encoded.length < LINE) return encoded;
  const lines: string[] = [];
  for (let at = 0; at < encoded.length; at += LINE) lines.push(`${encoded.slice(at, at + LINE)}\n`);
  return lines.join("");
}
