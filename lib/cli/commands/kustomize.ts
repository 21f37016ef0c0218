import { Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";

type Flags = {
  readonly output?: string;
  readonly loadRestrictor?: string;
  readonly reorder?: string;
  readonly enableHelm?: boolean;
  readonly enableAlphaPlugins?: boolean;
  readonly enableManagedbyLabel?: boolean;
};

const RESTRICTIONS: ReadonlyMap<string, "within-folder" | "within-tree"> = new Map([
  ["LoadRestrictionsRootOnly", "within-folder"],
  ["LoadRestrictionsNone", "within-tree"],
]);
const ORDERS: ReadonlyMap<string, "legacy" | "none"> = new Map([
  ["legacy", "legacy"],
  ["none", "none"],
]);

/** Flags of kubectl that only matter when something is run, or a cluster is asked: they change nothing there either. */
const WITHOUT_EFFECT = [
  "--as-current-user",
  "-e, --env <stringArray>",
  "--helm-api-versions <stringArray>",
  "--helm-command <string>",
  "--helm-debug",
  "--helm-kube-version <string>",
  "--mount <stringArray>",
  "--network",
  "--network-name <string>",
  "--kuberc <string>",
  "--log-flush-frequency <duration>",
  "--match-server-version",
  "--password <string>",
  "--request-timeout <string>",
  "-s <string>",
  "--username <string>",
  "-v, --v <level>",
  "--vmodule <pattern>",
  "--warnings-as-errors",
];

const REFUSED = ["--enable-alpha-plugins", "--enable-helm", "--enable-managedby-label"];

/** `kubectl kustomize`, with its words and exit codes, by a builder that fetches and runs nothing. */
export function kustomizeCommand(cli: Cli): Command {
  const command = new Command("kustomize")
    .summary("Build a kustomization, as kubectl kustomize does")
    .description(
      "Prints what the kustomization in a folder makes. Folders that it names may stand anywhere in the Git work tree around it, or on the machine\nwhere there is none. Nothing is fetched, and no other program is run.",
    )
    .argument("[dir...]")
    .option("-o, --output <string>", "write to this file instead, or to this folder, one file for each object")
    .option(
      "--load-restrictor <string>",
      `LoadRestrictionsNone: files may lie outside of the folder of their kustomization (default "LoadRestrictionsRootOnly")`,
    )
    .addOption(new Option("--reorder <string>").hideHelp())
    .action(async (dirs: string[], _: unknown, self: Command) => kustomize(cli, dirs, flagsOf<Flags>(self)));
  for (const flags of [...REFUSED, ...WITHOUT_EFFECT]) command.addOption(new Option(flags).hideHelp());
  return command;
}

async function kustomize(cli: Cli, dirs: readonly string[], flags: Flags): Promise<void> {
  if (flags.reorder !== undefined) cli.err("Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.\n");
  if (dirs.length > 1) throw new Failure("specify one path to kustomization.yaml");
  const restriction = chosen("--load-restrictor", flags.loadRestrictor ?? "LoadRestrictionsRootOnly", RESTRICTIONS);
  const order = chosen("--reorder", flags.reorder ?? "legacy", ORDERS);
  refuse(flags);
  const [{ findTarget }, folderFiles] = await Promise.all([import("../kustomize/find-target.ts"), cli.folderFiles()]);
  const target = findTarget(dirs[0] ?? ".", cli.workingFolder, folderFiles);
  if (!target.ok) throw new Failure(target.problem);
  const { buildFolder } = await import("../kustomize/build-folder.ts");
  const built = buildFolder({ target: target.value, restriction, order, workingFolder: cli.workingFolder }, folderFiles);
  cli.err(built.warnings.map((warning) => `${warning}\n`).join(""));
  if (built.kind === "failed") throw new Failure(built.place === undefined ? built.message : `${withBreak(built.message)}  at ${built.place}`);
  if (flags.output === undefined || flags.output === "") return cli.out(built.build.yaml());
  const { writeOutput } = await import("../kustomize/write-output.ts");
  writeOutput(flags.output, cli.workingFolder, built.build);
}

function chosen<Value>(flag: string, given: string, values: ReadonlyMap<string, Value>): Value {
  const value = values.get(given);
  if (value === undefined) throw new Failure(`illegal flag value ${flag} ${given}; legal values: [${[...values.keys()].join(" ")}]`);
  return value;
}

const withBreak = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

function refuse({ enableHelm, enableAlphaPlugins, enableManagedbyLabel }: Flags): void {
  if (enableHelm === true) throw new Failure("--enable-helm is not supported: no program is run, so there is no Helm to render a chart");
  if (enableAlphaPlugins === true) throw new Failure("--enable-alpha-plugins is not supported: no program and no container is run");
  if (enableManagedbyLabel === true) throw new Failure("--enable-managedby-label is not supported: use the 'buildMetadata' field with managedByLabel");
}
