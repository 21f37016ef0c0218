import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import { TYPES } from "../flux-types.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { readObject, refOfType } from "../read-object.ts";
import { type ObjectTree, renderObjectTree } from "../render/object-tree.ts";

type Flags = GlobalFlags & { readonly compact?: boolean; readonly output?: string };

export function treeCommand(cli: Cli): Command {
  const tree = new Command("tree").summary("Print the resources reconciled by Flux");
  const artifact = new Command("artifact").aliases(["artifacts"]).summary("Print the artifacts made by Flux");
  tree.addCommand(
    withOutput(new Command("kustomization").aliases(["ks", "kustomizations"]).summary("Print the resource inventory of a Kustomization"))
      .option("--compact", "list Flux resources only")
      .action(async (names: string[], _: unknown, self: Command) => showKustomization(cli, names[0], flagsOf<Flags>(self))),
  );
  artifact.addCommand(
    withOutput(new Command("generator").summary("Print the inventory of an ArtifactGenerator")).action(async (names: string[], _: unknown, self: Command) =>
      showGenerator(cli, names[0], flagsOf<Flags>(self)),
    ),
  );
  return tree.addCommand(artifact);
}

const withOutput = (command: Command): Command =>
  command.argument("[name...]").option("-o, --output <string>", "the format in which the tree should be printed: json or yaml");

async function showKustomization(cli: Cli, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("kustomization name is required");
  const { cluster, kinds } = await cli.connect(settings);
  const { readKustomizationTree } = await import("../kustomization-tree.ts");
  print(cli, await readKustomizationTree({ cluster, kinds }, refOfType(TYPES.Kustomization, settings, name), flags.compact === true), flags);
}

async function showGenerator(cli: Cli, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("generator name is required");
  const { cluster } = await cli.connect(settings);
  const { artifactsOf } = await import("../kustomization-tree.ts");
  const generator = await readObject(cluster, refOfType(TYPES.ArtifactGenerator, settings, name));
  print(cli, artifactsOf(generator), flags);
}

const print = (cli: Cli, tree: ObjectTree, { output }: Flags): void => cli.out(renderObjectTree(tree, output));
