import type { Cli } from "./cli.ts";

/** How a command says that it ends with an error: as the program does whose work it does. */
type Voice = {
  failure(message: string): void;
  /** The command line itself is wrong. */
  usage(problem: string): void;
};

/** kubectl's voice for what `kubectl` has, that of the `flux` command for all others. `path` is the command, `sluice get`. */
export function voiceOf({ say, err }: Cli, path: string): Voice {
  if (path !== "sluice kustomize") return { failure: say.failure, usage: say.failure };
  // Source: kubectl pkg/cmd/util, CheckErr: a message says `error: ` once, and ends with one line break.
  const failure = (message: string): void => err(`${message.startsWith("error: ") ? "" : "error: "}${message}${message.endsWith("\n") ? "" : "\n"}`);
  return { failure, usage: (problem) => failure(`${problem}\nSee '${path} --help' for usage.`) };
}
