import { isScalar, type Node, TEXT, VALUE } from "../../node/node.ts";
import { resolveScalar } from "../scalar.ts";
import { scalarOf } from "../scalar-of.ts";
import { FOLDED, PLAIN, type Token } from "../scan/token.ts";
import { noteFault, type Reading, type Shape } from "./reading.ts";
import { rewriteFolds } from "./rewritten-folds.ts";
import { readTagged } from "./tagged.ts";

/** The value of a scalar; what it is as a key stands in `reading` then. */
export function readScalar(reading: Reading, token: Token, tag: string, inFlow: boolean): Node {
  const text = token.kind === FOLDED && reading.version === 3 ? rewriteFolds(token.text) : token.text;
  reading.written = text !== token.text ? { folded: token.text } : token.kind === PLAIN ? undefined : "quoted";
  if (hasTag(reading, tag)) return taggedNode(reading, tag, text, token.line);
  return token.kind === PLAIN ? readPlain(reading, text, token.line, inFlow) : textNode(reading, text);
}

/** Version 3 takes no notice of a lone `!`. */
const hasTag = (reading: Reading, tag: string): boolean => tag !== "" && !(tag === "!" && reading.version === 3);

/**
 * A value of which nothing is written but, perhaps, a tag. kyaml writes it as `''` inside of `{}` and `[]`, so that there it becomes a text.
 * Source: go-yaml v3 emitterc.go, select_scalar_style.
 */
export function readEmpty(reading: Reading, tag: string, inFlow: boolean): Node {
  reading.written = hasTag(reading, tag) ? undefined : "empty";
  if (hasTag(reading, tag)) return taggedNode(reading, tag, "", reading.scanner.line);
  if (inFlow && reading.version === 3) return textNode(reading, "");
  reading.shape = "null";
  reading.text = "";
  return null;
}

function taggedNode(reading: Reading, tag: string, text: string, line: number): Node {
  const node = note(reading, text, readTagged(reading, tag, text, line), line);
  // As a key, a text with another tag than `!!str` is no text for version 3.
  if (reading.version === 3 && reading.shape === "text" && tag !== STRING_TAG && tag !== "!!str") reading.shape = "other";
  return node;
}

const STRING_TAG = "tag:yaml.org,2002:str";

function readPlain(reading: Reading, text: string, line: number, inFlow: boolean): Node {
  if (text === "<<") {
    reading.shape = "merge";
    reading.text = text;
    return text;
  }
  if (reading.version === 3) {
    const node = scalarOf(text);
    // In `{}` and `[]` kyaml writes a text with a colon in quotes; so a time stays text.
    return inFlow && isScalar(node) && text.includes(":") ? textNode(reading, text) : note(reading, text, node, line);
  }
  const resolved = resolveScalar(text);
  if (resolved === undefined || "merge" in resolved) return note(reading, text, text, line);
  const { value } = resolved;
  // Integers beyond 2^53 are written alike in both versions.
  const isLong = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(text);
  return note(reading, text, isLong ? scalarOf(text) : value, line);
}

function textNode(reading: Reading, text: string): Node {
  reading.shape = "text";
  reading.text = text;
  return text;
}

function note(reading: Reading, text: string, node: Node, line: number): Node {
  reading.shape = shapeOf(node);
  reading.text = typeof node === "string" ? node : text;
  if (reading.shape === "other") checkWritable(reading, node, line);
  return node;
}

function shapeOf(node: Node): Shape {
  if (node === null) return "null";
  return typeof node === "string" ? "text" : "other";
}

const UNWRITABLE_TIME = "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]";

/** JSON has no text for some numbers, and Go none for some times. */
function checkWritable(reading: Reading, node: Node, line: number): void {
  const value = isScalar(node) ? node[VALUE] : node;
  if (isScalar(node) && value === node[TEXT]) noteFault(reading, "json", UNWRITABLE_TIME, line);
  if (typeof value === "number" && !Number.isFinite(value)) {
    noteFault(reading, "json", `json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`, line);
  }
}
