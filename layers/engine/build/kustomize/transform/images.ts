import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { writtenIn } from "../../node/written.ts";
import { spend } from "../../work.ts";
import { buildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpecs, type Setter } from "../fields/at-field-spec.ts";
import { inQuotes, withText } from "../fields/setters.ts";
import { keepShared } from "../fields/shared-text.ts";
import { isOfKind, wrongKind } from "../fields/wrong-kind.ts";
import type { Image } from "../kustomization/kustomization.ts";
import { textOf } from "../resource/resource.ts";
import { changeEach } from "./each.ts";
import { imagePattern, replaceImage } from "./image-name.ts";
import type { Transformer } from "./transformer.ts";

/**
 * Replaces name, tag or digest of an image: first in all lists called `containers` or `initContainers`, wherever they stand, then where the field specs
 * lead. Definitions of custom resources are left alone. Source: kustomize ImageTagTransformer, api/filters/imagetag.
 */
export function createImageTransformer({ image, fieldSpecs }: { readonly image: Image; readonly fieldSpecs: readonly FieldSpec[] }): Transformer {
  const pattern = imagePattern(image.name);
  const set: Setter = (found) => {
    if (!isOfKind(found, "ScalarNode")) return problem(wrongKind("ScalarNode", found));
    if (!pattern.ok) return pattern;
    const reference = textOf(found);
    spend(reference.length);
    return ok(pattern.value(reference) ? withText(found, replaceImage(reference, image)) : found);
  };
  const change = (node: NodeMap): Result<NodeMap> => {
    if (textOf(node.kind) === "CustomResourceDefinition") return ok(node);
    const inContainers = changeContainers(node, set);
    if (!inContainers.ok) return inContainers;
    return atFieldSpecs(isMap(inContainers.value) ? keepShared(node, inContainers.value) : node, fieldSpecs, set);
  };
  return (resources) => {
    const changed = changeEach(resources, change);
    // It is not the resource then what is wrong.
    return changed.ok || pattern.ok ? changed : buildProblem(changed.problem.message);
  };
}

const CONTAINER_LISTS: ReadonlySet<string> = new Set(["containers", "initContainers"]);

/** Source: kustomize api/filters/imagetag/legacy.go. */
function changeContainers(node: Node, set: Setter): Result<Node> {
  spend(1);
  if (isList(node)) return changeItems(node, (item) => changeContainers(item, set));
  if (!isMap(node)) return ok(node);
  const changed: [string, Node][] = [];
  for (const [key, value] of Object.entries(node)) {
    const inside = changeContainers(value, set);
    if (!inside.ok) return inside;
    const next = CONTAINER_LISTS.has(key) && isList(inside.value) ? changeItems(inside.value, (item) => changeImage(item, set)) : inside;
    if (!next.ok) return next;
    if (next.value !== value) changed.push([key, next.value]);
  }
  return ok(changed.length === 0 ? node : { ...node, ...Object.fromEntries(changed) });
}

function changeItems(list: readonly Node[], change: (item: Node) => Result<Node>): Result<Node> {
  const items: Node[] = [];
  for (const item of list) {
    const next = change(item);
    if (!next.ok) return next;
    items.push(next.value);
  }
  return ok(items.every((item, index) => item === list[index]) ? list : items);
}

function changeImage(container: Node, set: Setter): Result<Node> {
  if (container === null) return ok(container);
  if (!isMap(container)) return problem(wrongKind("MappingNode", container));
  const found = container.image;
  if (found === undefined) return ok(container);
  const next = set(found);
  if (!next.ok) return next;
  const image = inQuotes(next.value, writtenIn(container).get("image"));
  return ok(image === found ? container : { ...container, image });
}
