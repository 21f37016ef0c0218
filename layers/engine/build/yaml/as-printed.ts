import { ok, problem, type Result } from "../../domain/result.ts";
import { isList, isMap, misfitOf, type Node, type NodeMap } from "../node/node.ts";
import { spend } from "../work.ts";
import { QUOTE } from "./scan/characters.ts";
import { scanQuoted } from "./scan/quoted.ts";
import { createScanner } from "./scan/scanner.ts";

/** Steps for a character that is printed, so that what a build prints stays far below what a text may hold. */
const PRINTING = 4;

/** Characters that JSON writes as they are and go-yaml does not read back. */
const REFUSED = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
const ODD = /[\u007f-\u009f\ufffe\uffff]/;

/**
 * A value as it is once kustomize has printed it: the road goes through JSON, which go-yaml v2 reads. There U+0085 is a line break, which becomes a
 * space, and control characters are refused. A value without such characters is returned as it is.
 * Source: kustomize api/resource (AsYAML), sigs.k8s.io/yaml JSONToYAML.
 */
export function asPrinted(node: Node): Result<Node> {
  if (typeof node === "string") {
    // What is shared in memory is printed each time.
    spend(PRINTING * node.length);
    return ODD.test(node) ? textAsPrinted(node) : ok(node);
  }
  if (isList(node)) return listAsPrinted(node);
  if (isMap(node)) return mapAsPrinted(node);
  const misfit = misfitOf(node);
  // kustomize has nothing to show of an object that it cannot decode.
  return misfit === undefined ? ok(node) : problem(`map[string]interface {}(nil): ${misfit.problem}`);
}

function listAsPrinted(items: readonly Node[]): Result<Node> {
  let printed: Node[] | undefined;
  for (const [index, item] of items.entries()) {
    const next = asPrinted(item);
    if (!next.ok) return next;
    if (next.value === item) continue;
    printed ??= [...items];
    printed[index] = next.value;
  }
  return ok(printed ?? items);
}

function mapAsPrinted(map: NodeMap): Result<Node> {
  let printed: { [key: string]: Node } | undefined;
  for (const [key, value] of Object.entries(map)) {
    if (ODD.test(key)) return problem(REFUSED.test(key) ? CONTROL : "yaml: did not find expected ',' or '}'");
    const next = asPrinted(value);
    if (!next.ok) return next;
    if (next.value === value) continue;
    printed ??= { ...map };
    printed[key] = next.value;
  }
  return ok(printed ?? map);
}

const CONTROL = "yaml: control characters are not allowed";

function textAsPrinted(text: string): Result<string> {
  if (REFUSED.test(text)) return problem(CONTROL);
  const json = JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  return ok(scanQuoted(createScanner(json, 2, 0, json.length, undefined), QUOTE).text);
}
