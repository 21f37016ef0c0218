import { expect, it } from "vitest";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { applyMergePatch, newMergePatch } from "../../../../../../layers/engine/build/kustomize/patch/merge-patch.ts";
import { goJson } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import { createLabelsTransformer } from "../../../../../../layers/engine/build/kustomize/transform/labels.ts";
import { objects, schema } from "../transform/objects.ts";

const HEAD = "apiVersion: apps/v1\nkind: Deployment\n";
const addLabels = createLabelsTransformer({ labels: new Map([["app", "base"]]), fieldSpecs: defaultConfig().commonLabels });

/** The labels of the object and of its selector after a patch. */
function patched(object: string, patch: string): string {
  const labelled = addLabels(objects(HEAD + object), schema);
  const [target] = labelled.ok ? labelled.value : [];
  const [patchObject] = objects(HEAD + patch);
  if (target === undefined || patchObject === undefined) throw new Error("no object");
  const result = applyMergePatch(newMergePatch(patchObject, false, false), target, schema);
  const node = result.ok ? result.value?.node : undefined;
  if (node === undefined) throw new Error("nothing left");
  return goJson({ metadata: node.metadata ?? null, spec: node.spec ?? null });
}

it.each([
  [
    "a label that a base has added to the selector, too",
    "metadata: {name: a}\nspec: {template: {}}",
    '{"metadata":{"labels":{"app":"new"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"new"}},"template":{"metadata":{"labels":{"app":"new"}}}}}',
  ],
  [
    "a label that was there on its own",
    "metadata: {name: a, labels: {app: x}}\nspec: {template: {}}",
    '{"metadata":{"labels":{"app":"new"},"name":"a"},"spec":{"selector":{"matchLabels":{"app":"base"}},"template":{"metadata":{"labels":{"app":"base"}}}}}',
  ],
])("patches change %s", (_, object, want) => expect(patched(object, "metadata: {name: a, labels: {app: new}}")).toBe(want));
