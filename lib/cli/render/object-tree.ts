import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { subjectOf } from "@sluice/engine/domain/manifest.ts";
import { renderTree, type TextTree } from "./tree.ts";

export type TreeObject = { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string };
export type ObjectTree = { readonly object: TreeObject; readonly below: readonly ObjectTree[] };

/** As text with branches, or as the JSON or YAML of `flux tree`. Each ends with an empty line in text and YAML, as there. Source: reference 6.9. */
export function renderObjectTree(tree: ObjectTree, output: string | undefined): string {
  switch (output) {
    case "json":
      return `${JSON.stringify(plain(tree), null, 2)}\n`;
    case "yaml":
      return `${writeYaml(plain(tree))}\n`;
    default:
      return `${renderTree(texts(tree))}\n`;
  }
}

const texts = ({ object, below }: ObjectTree): TextTree => ({ text: subjectOf(object), below: below.map(texts) });

function plain({ object, below }: ObjectTree): Json {
  const { group, kind, namespace, name } = object;
  return {
    resource: { Namespace: namespace, Name: name, GroupKind: { Group: group, Kind: kind } },
    ...(below.length > 0 && { resources: below.map(plain) }),
  };
}
