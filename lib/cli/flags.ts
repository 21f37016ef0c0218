import type { Command } from "commander";

/** What a command line gave, on whatever level of words it stood; the nearest to the end wins. Flags that were not given are absent. */
export function flagsOf<Flags extends object>(command: Command): Flags {
  const given: { [name: string]: unknown } = command.parent === null ? {} : { ...flagsOf<object>(command.parent) };
  for (const [name, value] of Object.entries(command.opts())) if (command.getOptionValueSource(name) === "cli") given[name] = value;
  return given as Flags; // the names and types are those of the options that the command declares
}
