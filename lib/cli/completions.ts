import { ms } from "@sluice/engine/domain/time.ts";
import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import { Failure } from "./failure.ts";
import { ALL_TYPES, type FluxType } from "./flux-types.ts";
import type { GlobalFlags } from "./global-flags.ts";

/** Nobody waits longer for a Tab. */
const PATIENCE = ms(2000);

/** What may stand in the place of the last of `words`: words below the command, its flags, or the names of objects of its kind. */
export async function completionsFor(cli: Cli, program: Command, words: readonly string[], flags: GlobalFlags): Promise<readonly string[]> {
  const last = words.at(-1) ?? "";
  const { command, path, given } = reach(program, words.slice(0, -1));
  const starts = (candidates: readonly string[]): readonly string[] => candidates.filter((candidate) => candidate.startsWith(last)).toSorted();
  if (last.startsWith("-")) return starts(longFlags(command, program));
  if (command.commands.length > 0) return starts(command.commands.filter((below) => !below.name().startsWith("__")).map((below) => below.name()));
  const type = typeOf(path);
  return type === undefined ? [] : starts(await namesOf(cli, type, { ...flags, ...given }));
}

type Reached = { readonly command: Command; readonly path: readonly string[]; readonly given: GlobalFlags };

/** The command that the words before lead to, and which cluster and namespace they name. */
function reach(program: Command, words: readonly string[]): Reached {
  let command = program;
  const path: string[] = [];
  const given: { [name: string]: string } = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word.startsWith("-")) {
      const [name = "", inline] = word.split("=");
      const option = [...command.options, ...program.options].find(({ short, long }) => short === name || long === name);
      const value = inline ?? (option?.required === true ? words[++index] : undefined);
      if (option !== undefined && value !== undefined) given[option.attributeName()] = value;
      continue;
    }
    const below = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (below === undefined) continue;
    command = below;
    path.push(word);
  }
  return { command, path, given };
}

const longFlags = (command: Command, program: Command): readonly string[] => [
  ...new Set([...command.options, ...program.options].flatMap(({ long, hidden }) => (hidden || long === undefined || long === null ? [] : [long]))),
];

/** `["get", "sources", "git"]` → GitRepository. */
function typeOf(path: readonly string[]): FluxType | undefined {
  const word = path.at(-1) ?? "";
  const family = path.at(-2)?.replace(/s$/, "");
  const isCalled = (type: FluxType): boolean => type.word === word || type.many === word || type.aliases.includes(word);
  return ALL_TYPES.find((type) => isCalled(type) && (type.family === undefined || type.family === family));
}

/** A cluster that does not answer, or not soon, has no names. */
async function namesOf(cli: Cli, type: FluxType, flags: GlobalFlags): Promise<readonly string[]> {
  try {
    const settings = await cli.settings(flags);
    const { cluster } = await cli.connect(settings);
    const answer = cluster.list({ apiVersion: type.apiVersion, kind: type.facts.kind, namespace: settings.namespace });
    const listed = await Promise.race([answer, cli.clock.sleep(PATIENCE).then(() => undefined)]);
    return listed?.kind === "listed" ? listed.items.map(({ metadata }) => metadata.name ?? "") : [];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
