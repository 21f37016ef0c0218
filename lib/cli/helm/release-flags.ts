import { resolve } from "node:path";
import type { Command } from "commander";
import { isFile } from "../build/find-object.ts";
import { Failure } from "../failure.ts";
import type { GlobalFlags } from "../global-flags.ts";

/** What commands that render a HelmRelease have in common. */
export type ReleaseFlags = GlobalFlags & { readonly chart?: string; readonly helmreleaseFile?: string; readonly ignoreNotFound?: boolean };

export const withReleaseFlags = (command: Command): Command =>
  command
    .argument("[name...]")
    .option("--chart <path>", "a folder or an archive with the chart, instead of the one that the source has in the cluster")
    .option("--helmrelease-file <path>", "a file with the HelmRelease, instead of the cluster's")
    .option("--ignore-not-found", "the HelmRelease of the file may be missing in the cluster");

/** In the words that `diff kustomization` has for its own. */
export async function checkReleaseFlags({ helmreleaseFile, ignoreNotFound }: ReleaseFlags, workingFolder: string): Promise<void> {
  if (helmreleaseFile !== undefined && !(await isFile(resolve(workingFolder, helmreleaseFile))))
    throw new Failure(`invalid helmrelease file ${JSON.stringify(helmreleaseFile)}`);
  if (ignoreNotFound === true && helmreleaseFile === undefined) throw new Failure("helmrelease file is required when assuming new helmreleases");
}
