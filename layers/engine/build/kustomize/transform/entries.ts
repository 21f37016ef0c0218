import { ok, type Result } from "../../../domain/result.ts";
import type { NodeMap } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpecs, isOfFieldSpec } from "../fields/at-field-spec.ts";
import { setEntries } from "../fields/setters.ts";
import { sharedText } from "../fields/shared-text.ts";
import { changeAnnotated, changeEach, changeNode } from "./each.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Adds labels or annotations to every map that the field specs lead to. Where one of them is new in several places of an object, these change together
 * from then on. Source: kustomize api/filters/labels, api/filters/annotations.
 */
export function createEntriesTransformer(entries: ReadonlyMap<string, string>, fieldSpecs: readonly FieldSpec[]): Transformer {
  const sorted = [...entries].toSorted(([a], [b]) => byBytes(a, b));
  const changeOne = fieldSpecs.some(seesAnnotations) ? changeAnnotated : changeNode;
  return (resources) => (sorted.length === 0 ? ok(resources) : changeEach(resources, (node) => addEntries(node, sorted, fieldSpecs), changeOne));
}

/** A field spec that may create the annotations does not care whether kustomize has put some there. */
const seesAnnotations = ({ path, create }: FieldSpec): boolean => path.startsWith("metadata/annotations") && !(create && path === "metadata/annotations");

function addEntries(node: NodeMap, entries: readonly (readonly [string, string])[], fieldSpecs: readonly FieldSpec[]): Result<NodeMap> {
  const matching = fieldSpecs.filter((fieldSpec) => isOfFieldSpec(node, fieldSpec));
  const isAlone = matching.length === 1 && matching[0]?.path.startsWith("metadata/") === true;
  const set = setEntries(entries.map(([key, text]) => ({ key, text, created: isAlone ? text : sharedText(text) })));
  return atFieldSpecs(node, matching, set, "map");
}
