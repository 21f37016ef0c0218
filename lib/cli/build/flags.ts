import { resolve } from "node:path";
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { isFile, isFolder } from "./find-object.ts";

/** What `build` and `diff` have in common. */
export type BuildFlags = GlobalFlags & {
  readonly path?: string;
  readonly kustomizationFile?: string;
  readonly ignorePaths?: readonly string[];
  readonly strictSubstitute?: boolean;
  readonly recursive?: boolean;
  readonly localSources?: ReadonlyMap<string, string>;
};

const list = (text: string, before: readonly string[] = []): readonly string[] => [...before, ...text.split(",")];

export const withBuildFlags = (command: Command): Command =>
  command
    .argument("[name...]")
    .option("--path <string>", "the folder with the manifests")
    .option("--kustomization-file <string>", "a file with the Kustomization, instead of the cluster's")
    .option("--ignore-paths <strings>", "paths to leave out, in .gitignore format, separated by commas", list)
    .option("--strict-substitute", "fail where a variable without a default value is not set")
    .option("-r, --recursive", "go on with every Kustomization among the manifests")
    .option("--local-sources <list>", "folders of sources, Kind/namespace/name=path, separated by commas", readSources)
    .option("--in-memory-build", "accepted for scripts: it always is one");

function readSources(text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  return new Map([...before, ...list(text).map((pair): [string, string] => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)])]);
}

/** The folder, checked. `exitCode` is that of a wrong path. */
export async function checkedPath({ path = "", kustomizationFile }: BuildFlags, workingFolder: string, exitCode: number): Promise<string> {
  const folder = resolve(workingFolder, path);
  if (path === "" || !(await isFolder(folder))) throw new Failure(`invalid resource path ${JSON.stringify(path)}`, exitCode);
  if (kustomizationFile !== undefined && !(await isFile(resolve(workingFolder, kustomizationFile))))
    throw new Failure(`invalid kustomization file ${JSON.stringify(kustomizationFile)}`);
  return folder;
}
