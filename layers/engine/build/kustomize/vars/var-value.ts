import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, misfitOf, type Node, type NodeMap } from "../../node/node.ts";
import { writeNumber } from "../../yaml/number.ts";
import { draftOf, finishDraft } from "../replace/draft.ts";
import { lookUp, readIndex } from "../replace/look-up.ts";
import { splitSmartPath } from "../replace/split-smart-path.ts";
import { tagOf } from "../replace/tag.ts";
import { textOf } from "../resource/resource.ts";

/** What stands for a var: its type counts where a text is nothing but the var. Maps and lists cannot be put anywhere. */
export type VarValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "fraction"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "no scalar"; readonly node: readonly Node[] | NodeMap };

/** The value of a field; the problem says no more than that there is none. Source: kyaml RNode.GetFieldValue. */
export function varValueAt(node: NodeMap, path: string): Result<VarValue> {
  const found = lookUp(draftOf(node), splitSmartPath(path).flatMap(splitIndex));
  if (!found.ok || found.value === undefined) return problem("not found");
  const value = finishDraft(found.value);
  const misfit = misfitOf(value);
  return misfit === undefined ? valueOfVar(value) : problem(misfit.problem);
}

/** `ports[0]` is `ports`, `0`. */
function splitIndex(part: string): readonly string[] {
  const parts = /^(.*)\[(\d+)\]$/.exec(part);
  if (parts === null) return [part];
  const [, name = "", index = ""] = parts;
  return name === "" ? [index] : [name, index];
}

const GO_FLOAT = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;

function valueOfVar(node: Node): Result<VarValue> {
  if (isList(node) || isMap(node)) return ok({ kind: "no scalar", node });
  const text = typeof node === "number" ? writeNumber(node) : textOf(node);
  switch (tagOf(node)) {
    case "!!int": {
      const value = readIndex(text);
      return value === undefined ? problem("no decimal integer of 64 bits") : ok({ kind: "integer", value });
    }
    case "!!float":
      return GO_FLOAT.test(text) ? ok({ kind: "fraction", value: Number(text) }) : problem("no number");
    case "!!bool":
      return ok({ kind: "boolean", value: text.toLowerCase() === "true" });
    case "":
    case "!!str":
    case "!!null":
    case "!!timestamp":
      return ok({ kind: "text", text });
  }
}
