import { readdirSync, readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ownerLabels } from "@sluice/engine/domain/owner.ts";
import { parseAllDocuments } from "yaml";

const FOLDER = new URL("./corpus/", import.meta.url);

/** About 50 objects of our own: each built-in kind with its common fields, and three kinds of custom resources. `group` is a group for those. */
export function corpus(group: string): { readonly definitions: readonly Manifest[]; readonly objects: readonly Manifest[] } {
  const read = (file: string): readonly Manifest[] =>
    parseAllDocuments(readFileSync(new URL(file, FOLDER), "utf8").replaceAll("GROUP", group)).map((document) => owned(document.toJS() as Manifest));
  const files = readdirSync(FOLDER).toSorted();
  return { definitions: read("definitions.yaml"), objects: files.filter((file) => file !== "definitions.yaml").flatMap(read) };
}

const owned = (manifest: Manifest): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, labels: { ...manifest.metadata.labels, ...ownerLabels({ name: "mutation", namespace: "flux-system" }) } },
});
