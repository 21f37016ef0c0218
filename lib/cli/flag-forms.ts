import { type Command, CommanderError, type Option } from "commander";

/** What strconv.ParseBool takes. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((word) => [word, false] as const),
]);

/**
 * A command line as commander reads it, out of one as kubectl and flux do: `--watch=false` is left out, `-o=yaml` becomes two words. `reach` is told
 * of every command on the way. Throws a CommanderError for a value that is no boolean. Source: spf13/pflag.
 */
export function readableFlags(program: Command, words: readonly string[], reach: (command: Command) => void): readonly string[] {
  const out: string[] = [];
  let command = program;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--" || command.name().startsWith("__")) return [...out, ...words.slice(index)]; // a hidden command takes the words of others
    const [name = "", ...behind] = word.split("=");
    const option = word.startsWith("-") ? optionOf(command, name) : undefined;
    if (option === undefined) {
      out.push(word);
      command = commandOf(command, word) ?? command;
      reach(command);
      continue;
    }
    const value = behind.length === 0 ? undefined : behind.join("=");
    if (option.isBoolean()) out.push(...(isSet(option, value) ? [name] : []));
    else if (!option.required) out.push(word);
    else out.push(name, ...(value === undefined ? words.slice(++index, index + 1) : [value]));
  }
  return out;
}

function isSet(option: Option, value: string | undefined): boolean {
  if (value === undefined) return true;
  const set = BOOLEANS.get(value);
  if (set !== undefined) return set;
  const names = [option.short, option.long].filter((name) => name !== undefined).join(", ");
  const given = JSON.stringify(value);
  throw new CommanderError(1, "sluice.invalidValue", `invalid argument ${given} for "${names}" flag: strconv.ParseBool: parsing ${given}: invalid syntax`);
}

const optionOf = (command: Command, name: string): Option | undefined => command.options.find(({ short, long }) => short === name || long === name);
const commandOf = (command: Command, word: string): Command | undefined =>
  command.commands.find((below) => below.name() === word || below.aliases().includes(word));
