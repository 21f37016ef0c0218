import type { Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { jsonOf, type Node } from "../node/node.ts";
import { spend } from "../work.ts";
import { createBudget, createReading, type KeyNames, MAX_DOCUMENTS, MAX_LENGTH, type Reading } from "./parse/reading.ts";
import { readDocument } from "./parse/stream.ts";
import { openSource, readableEnd } from "./source.ts";

/**
 * All documents of a text as go-yaml v2 reads them for what becomes JSON (YAML 1.1 words, octal numbers, times as text); an empty document is null.
 * `duplicates`: what becomes of a key that comes twice in a map; merged keys (`<<`) are never refused.
 * Source: go-yaml v2 decode.go, sigs.k8s.io/yaml YAMLToJSON.
 */
export function readYaml(source: string | Uint8Array, duplicates: "refuse" | "last wins" = "refuse"): Result<readonly Json[]> {
  const read = readAll(source, duplicates, undefined);
  return read.ok ? ok(read.value.map(jsonOf)) : read;
}

/** The first document, as sigs.k8s.io/yaml reads it, which does not look at what follows; null when there is none. `names`: for who reads many of a kind. */
export function readFirstYaml(source: string | Uint8Array, duplicates: "refuse" | "last wins" = "refuse", names?: KeyNames): Result<Json> {
  const read = readFirstNode(source, duplicates, names);
  return read.ok ? ok(jsonOf(read.value)) : read;
}

/** As `readFirstYaml`, with all digits of integers beyond 2^53. */
export function readFirstNode(source: string | Uint8Array, duplicates: "refuse" | "last wins" = "refuse", names?: KeyNames): Result<Node> {
  const read = readAll(source, duplicates, 1, names);
  return read.ok ? ok(read.value[0] ?? null) : read;
}

function readAll(source: string | Uint8Array, duplicates: "refuse" | "last wins", most: number | undefined, names?: KeyNames): Result<readonly Node[]> {
  if (source.length > MAX_LENGTH) return problem(`yaml: more than ${MAX_LENGTH} characters`);
  spend(2 * source.length);
  const opened = openSource(source);
  const { text } = opened;
  const { end, broken } = readableEnd(opened, 0, text.length);
  const start = text.startsWith("\ufeff") ? 1 : 0;
  const reading = createReading(text, 2, { start, end, broken, budget: createBudget(names), lastWins: duplicates === "last wins" });
  const documents: Node[] = [];
  for (let document = readDocument(reading, true); document !== undefined; document = readDocument(reading, false)) {
    const fault = faultOf(reading);
    if (fault !== undefined) return problem(fault);
    if (documents.length === MAX_DOCUMENTS) return problem(`yaml: more than ${MAX_DOCUMENTS} documents`);
    documents.push(document.node);
    if (documents.length === most) break;
    // An anchor is known in its own document only.
    reading.anchors.clear();
  }
  const { failure } = reading.scanner;
  return failure === undefined ? ok(documents) : problem(failure.message);
}

function faultOf(reading: Reading): string | undefined {
  const { merge, decode, json, repeated } = reading.faults;
  const early = merge ?? decode;
  if (early !== undefined) return early.message;
  return repeated.length > 0 ? `yaml: unmarshal errors:\n${repeated.map((line) => `  ${line}`).join("\n")}` : json?.message;
}
