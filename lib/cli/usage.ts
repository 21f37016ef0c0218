import type { CommanderError } from "commander";

/**
 * What is wrong with a command line, in the words of the `flux` command; undefined when nothing is: help or the version was asked for.
 * `path` is the command that was reached, `sluice get`, and `words` the whole command line.
 */
export function usageProblem(error: CommanderError, path: string, words: readonly string[]): string | undefined {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownOption":
      return unknownFlag(named);
    case "commander.optionMissingArgument":
      return `flag needs an argument: ${flagOf(named, words.at(-1) ?? "")}`;
    case "commander.unknownCommand":
      return `unknown command ${JSON.stringify(named)} for ${JSON.stringify(path)}`;
    case "commander.excessArguments":
      return `unknown command ${JSON.stringify(firstOperand(words, path))} for ${JSON.stringify(path)}`;
    case "commander.help":
    case "commander.helpDisplayed":
    case "commander.version":
      return undefined;
    default:
      return error.message.replace(/^error: /, "");
  }
}

function unknownFlag(flag: string): string {
  if (flag.startsWith("--")) return `unknown flag: ${flag.split("=")[0]}`;
  return `unknown shorthand flag: '${flag[1] ?? ""}' in ${flag}`;
}

/** `-n, --namespace <string>` → `--namespace`, or `'n' in -n` where that was typed. */
function flagOf(flags: string, typed: string): string {
  const short = /^-(\w)\b/.exec(flags)?.[1];
  if (short !== undefined && !typed.startsWith("--")) return `'${short}' in -${short}`;
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** The first word behind those of the command that is no flag. */
function firstOperand(words: readonly string[], path: string): string {
  const last = path.split(" ").at(-1) ?? "";
  return words.slice(words.indexOf(last) + 1).find((word) => !word.startsWith("-")) ?? "";
}
