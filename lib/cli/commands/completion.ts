import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { completionsFor } from "../completions.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { renderCompletionScript, type Shell } from "../render/completion-script.ts";

const SHELLS: readonly Shell[] = ["bash", "fish", "zsh"];
/** What the scripts call to learn what may come next. */
export const COMPLETE = "__complete";

export function completionCommand(cli: Cli): Command {
  const completion = new Command("completion").summary("Generate completion scripts for various shells");
  for (const shell of SHELLS)
    completion.addCommand(
      new Command(shell)
        .summary(`Generate the completion script for ${shell}`)
        .description(howTo(shell))
        .action(() => cli.out(renderCompletionScript(shell))),
    );
  return completion;
}

/** `__complete <words…>`: one candidate a line for the last word, which may be empty. Hidden. */
export const completeCommand = (cli: Cli, program: () => Command): Command =>
  new Command(COMPLETE)
    .argument("[words...]")
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: string[], _: unknown, self: Command) => {
      const candidates = await completionsFor(cli, program(), words, flagsOf<GlobalFlags>(self));
      cli.out(candidates.map((candidate) => `${candidate}\n`).join(""));
    });

function howTo(shell: Shell): string {
  switch (shell) {
    case "bash":
      return "To load it into this shell: source <(sluice completion bash)";
    case "zsh":
      return "To load it into this shell: source <(sluice completion zsh)";
    case "fish":
      return "To load it into this shell: sluice completion fish | source";
  }
}
