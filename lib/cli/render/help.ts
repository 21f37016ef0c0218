import type { Command, Help } from "commander";

type Row = readonly [term: string, text: string];

/** Help as one reads it: what it is, how it is called, examples, then words and flags by group, one line each. */
export function renderHelp(command: Command, help: Help): string {
  const terms: Row[] = [];
  const row = (term: string, text: string): Row => {
    const made: Row = [term, text];
    terms.push(made);
    return made;
  };
  const commands = grouped(
    help.visibleCommands(command),
    (below) => below.helpGroup() || "Commands:",
    (below) => row(below.name(), help.subcommandDescription(below)),
  );
  const flags = grouped(
    help.visibleOptions(command),
    (option) => option.helpGroupHeading ?? "Flags:",
    (option) => row(help.optionTerm(option), help.optionDescription(option)),
  );
  const width = terms.reduce((widest, [term]) => Math.max(widest, term.length), 0);
  const about = help.commandDescription(command) || command.summary();
  const sections = [
    about,
    `Usage:\n  ${usageOf(command)}`,
    ...(command.aliases().length > 0 ? [`Aliases:\n  ${[command.name(), ...command.aliases()].join(", ")}`] : []),
    ...[...commands, ...flags].map(([heading, rows]) => `${heading}\n${rows.map(([term, text]) => `  ${term.padEnd(width)}  ${text}`.trimEnd()).join("\n")}`),
    ...(command.parent === null ? [] : [`Every command takes the flags of "sluice --help" too, such as --namespace and --kubeconfig.`]),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function grouped<Item>(items: readonly Item[], headingOf: (item: Item) => string, rowOf: (item: Item) => Row): readonly (readonly [string, readonly Row[]])[] {
  const groups = new Map<string, Row[]>();
  for (const item of items) groups.set(headingOf(item), [...(groups.get(headingOf(item)) ?? []), rowOf(item)]);
  return [...groups];
}

function usageOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) path.unshift(at.name());
  const takes = command.registeredArguments.map((argument) => argument.name()).filter((name) => name !== "none");
  return [...path, ...(command.commands.length > 0 ? ["<command>"] : takes.map((name) => `[${name}]`)), "[flags]"].join(" ");
}
