import { statSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { KustomizeBuild } from "@sluice/engine/build/kustomize/build.ts";
import { effectiveNamespace, type ResourceId } from "@sluice/engine/build/kustomize/resource/id.ts";
import { answeredWords, systemWords } from "@sluice/platform/node/system-words.ts";
import { Failure } from "../failure.ts";

/** Writes to a file, or to a folder that is there, one file for each object, with kubectl's names. Source: kustomize/v5 commands/build, writer.go. */
export function writeOutput(output: string, workingFolder: string, build: Pick<KustomizeBuild, "yaml" | "documents">): void {
  if (!isFolder(inFolder(workingFolder, output))) {
    write(output, workingFolder, build.yaml());
    return;
  }
  const documents = build.documents();
  const namespaces = new Set(documents.filter(({ id }) => !id.isClusterScoped).map(({ id }) => effectiveNamespace(id)));
  for (const { id, yaml } of documents) write(join(output, fileName(id, namespaces.size > 1)), workingFolder, yaml);
}

/** `apps_v1_deployment_web.yaml`, with the namespace in front where there are several. Throws a Failure for a name that would be a path. */
function fileName(id: ResourceId, withNamespace: boolean): string {
  const parts = [...(withNamespace && !id.isClusterScoped ? [effectiveNamespace(id)] : []), id.group, id.version, id.kind, id.name];
  const name = parts
    .filter((part) => part !== "")
    .join("_")
    .toLowerCase();
  if (/[/\\\0]/.test(name)) throw new Failure(`${id.kind} ${JSON.stringify(id.name)} has a name that cannot be one of a file`);
  return `${name}.yaml`;
}

function write(path: string, workingFolder: string, text: string): void {
  try {
    writeFileSync(inFolder(workingFolder, path), text);
  } catch (error) {
    const words = systemWords(error);
    throw words === undefined ? error : new Failure(`open ${path}: ${words}`);
  }
}

/** What cannot be looked at is none: writing says why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    answeredWords(error);
    return false;
  }
}

/** A slash at the end stays: it makes the path one of a folder. */
const inFolder = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path));
