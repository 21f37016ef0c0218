import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { MARKER_NAME } from "@sluice/engine/flux/installation.ts";
import { JSON_SCHEMA, loadAll } from "js-yaml";
import { Failure } from "../failure.ts";

/** The Deployments of Flux's own controllers in a file of components; none in a file of ours. Throws a Failure for a file that nobody can read. */
export function controllersIn(tree: Tree, file: string): readonly string[] {
  const bytes = tree.get(file)?.bytes;
  if (bytes === undefined) return [];
  return documentsOf(file, bytes).flatMap((document) => {
    if (!isObject(document) || document.kind !== "Deployment" || !isObject(document.metadata)) return [];
    const { name } = document.metadata;
    return typeof name === "string" && name !== MARKER_NAME ? [name] : [];
  });
}

function documentsOf(file: string, bytes: Uint8Array): readonly Json[] {
  try {
    return loadAll(Buffer.from(bytes).toString("utf8"), { schema: JSON_SCHEMA }) as readonly Json[]; // parsed here: YAML of the JSON schema has nothing but JSON in it
  } catch {
    throw new Failure(`${file} of the repository is no YAML: it has to be looked at before it is overwritten`);
  }
}
