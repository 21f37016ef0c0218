import { Command } from "commander";
import type { Cli } from "./cli.ts";
import { buildCommand } from "./commands/build.ts";
import { checkCommand } from "./commands/check.ts";
import { completeCommand, completionCommand } from "./commands/completion.ts";
import { diffCommand } from "./commands/diff.ts";
import { eventsCommand } from "./commands/events.ts";
import { exportCommand } from "./commands/export.ts";
import { getCommand } from "./commands/get.ts";
import { installCommand } from "./commands/install.ts";
import { logsCommand } from "./commands/logs.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { resumeCommand } from "./commands/resume.ts";
import { statsCommand } from "./commands/stats.ts";
import { suspendCommand } from "./commands/suspend.ts";
import { traceCommand } from "./commands/trace.ts";
import { treeCommand } from "./commands/tree.ts";
import { uninstallCommand } from "./commands/uninstall.ts";
import { versionCommand } from "./commands/version.ts";
import { addGlobalFlags } from "./global-flags.ts";
import { renderHelp } from "./render/help.ts";

const ABOUT = `Sluice: GitOps as Flux v2 does it, without a controller in the cluster.
Its commands, words and exit codes are those of the flux command.`;

const EXAMPLES = `
Examples:
  sluice dev                                                    everything on this machine: a cluster, a Git server, an example
  sluice check                                                  is this cluster ready, and what is installed in it
  sluice install                                                put the custom resources and the marker into a cluster
  sluice get all -A                                             every object and its state
  sluice reconcile kustomization apps --with-source             look at a source and apply it now
  sluice suspend kustomization apps                             leave the cluster as it is until it is resumed
  sluice diff kustomization apps --path ./deploy                what would change
  sluice trace -n apps deployment web                           where an object comes from
  sluice logs -f --level error                                  what "sluice dev" has to tell`;

/** Every command of `sluice`. `more` are commands that need more than a cluster, such as `dev`. */
export function createProgram(cli: Cli, more: readonly Command[] = []): Command {
  const program = new Command("sluice").description(ABOUT);
  program.enablePositionalOptions().configureHelp({ formatHelp: renderHelp }).helpOption("-h, --help", "print help").addHelpText("after", EXAMPLES);
  const group = (heading: string, commands: readonly Command[]): void => {
    for (const command of commands) program.addCommand(command.helpGroup(heading));
  };
  group("On this machine:", [...more, logsCommand(cli)]);
  group("Installation:", [checkCommand(cli), installCommand(cli), uninstallCommand(cli), versionCommand(cli)]);
  group("What is there:", [getCommand(cli), eventsCommand(cli), treeCommand(cli), traceCommand(cli), statsCommand(cli), exportCommand(cli)]);
  group("Acting:", [reconcileCommand(cli), suspendCommand(cli), resumeCommand(cli)]);
  group("Before a push:", [buildCommand(cli), diffCommand(cli)]);
  group("Other:", [completionCommand(cli)]);
  const complete = completeCommand(cli, () => program);
  program.addCommand(complete, { hidden: true });
  program.helpCommand(false);
  addGlobalFlags(program, true);
  for (const command of program.commands) prepare(command);
  return program;
}

/** Global flags on every level, errors to the caller, and help for a word that has only words below it. */
function prepare(command: Command): void {
  addGlobalFlags(command, false);
  command.helpOption("-h, --help", "print help").helpCommand(false).configureHelp({ formatHelp: renderHelp });
  for (const below of command.commands) prepare(below);
}
