import type { Command } from "commander";
import type { GlobalFlags } from "../global-flags.ts";

/** What commands that render a HelmRelease have in common. */
export type ReleaseFlags = GlobalFlags & { readonly chart?: string; readonly helmreleaseFile?: string; readonly ignoreNotFound?: boolean };

export const withReleaseFlags = (command: Command): Command =>
  command
    .argument("[name...]")
    .option("--chart <path>", "a folder or an archive with the chart, instead of the one that the source has in the cluster")
    .option("--helmrelease-file <path>", "a file with the HelmRelease, instead of the cluster's")
    .option("--ignore-not-found", "the HelmRelease of the file may be missing in the cluster");
