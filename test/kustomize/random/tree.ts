import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Input } from "../../support/kustomize/case.ts";
import { type Chance, createChance } from "./chance.ts";
import { kustomization, type Node } from "./kustomization.ts";
import { mistaken } from "./mistakes.ts";
import { written } from "./written.ts";

const SHARE_OF_MISTAKES = 0.1;

/** A whole tree of kustomizations: bases, overlays of overlays, components, and the root of it. The same seed, the same tree. */
export function randomTree(seed: number): Input {
  const chance = createChance(seed);
  const files: Record<string, string> = {};
  const nodes: Node[] = [];
  const count = 1 + chance.int(chance.happens(0.3) ? 5 : 3);
  for (let index = 0; index < count; index++) {
    const isRoot = index === count - 1;
    const isComponent = !isRoot && index > 0 && chance.happens(0.25);
    const folder = isRoot ? "app" : `${isComponent ? "part" : "base"}-${index}`;
    const node = kustomization(chance, { folder, isRoot, isComponent, before: nodes });
    nodes.push(node);
    Object.assign(files, filesOf(chance, node));
  }
  const input: Input = {
    files,
    path: "app",
    restriction: chance.happens(0.7) ? "within-tree" : "within-folder",
    order: chance.happens(0.5) ? "none" : "legacy",
  };
  return chance.happens(SHARE_OF_MISTAKES) ? mistaken(chance, input) : input;
}

function filesOf(chance: Chance, { folder, isComponent, content, files }: Node): Record<string, string> {
  const head: JsonObject = isComponent
    ? { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" }
    : chance.happens(0.5)
      ? { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" }
      : {};
  const name = chance.one(["kustomization.yaml", "kustomization.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"]);
  const own = Object.entries(files).map(([path, text]): [string, string] => [`${folder}/${path}`, text]);
  return { [`${folder}/${name}`]: written(chance, [{ ...head, ...content }]), ...Object.fromEntries(own) };
}
