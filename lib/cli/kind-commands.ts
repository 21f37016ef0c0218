import { Command } from "commander";
import { ALL_TYPES, type Family, type FluxType } from "./flux-types.ts";

const FAMILIES: { readonly [Name in Family]: string } = { source: "sources", image: "image automation", artifact: "artifacts" };

/**
 * Adds a command for each kind to `verb`: `<verb> kustomization`, and `<verb> source git` below the word of its family.
 * `plural` takes the words of `get`. Source: reference 6.2.
 */
export function addKindCommands(
  verb: Command,
  types: readonly FluxType[],
  { plural, about, build }: { readonly plural: boolean; readonly about: string; readonly build: (command: Command, type: FluxType) => Command },
): ReadonlyMap<Family, Command> {
  const families = new Map<Family, Command>();
  for (const type of types) {
    const parent = type.family === undefined ? verb : familyOf(families, verb, type.family, plural, about);
    const name = plural ? type.many : type.word;
    const others = [type.word, ...type.aliases, type.many].filter((word, index, words) => word !== name && words.indexOf(word) === index);
    parent.addCommand(build(new Command(name).aliases(others).summary(`${about} ${type.facts.kind}`), type));
  }
  return families;
}

function familyOf(families: Map<Family, Command>, verb: Command, family: Family, plural: boolean, about: string): Command {
  const known = families.get(family);
  if (known !== undefined) return known;
  const [name, other] = plural ? [`${family}s`, family] : [family, `${family}s`];
  const command = new Command(name).alias(other).summary(`${about} ${FAMILIES[family]}`);
  families.set(family, command);
  verb.addCommand(command);
  return command;
}

export const suspendableTypes: readonly FluxType[] = ALL_TYPES.filter(({ facts }) => facts.suspendable);
