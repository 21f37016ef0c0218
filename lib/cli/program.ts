import { Command } from "commander";
import type { Cli } from "./cli.ts";
import { addGlobalFlags } from "./global-flags.ts";
import { renderHelp } from "./render/help.ts";

const ABOUT = `Sluice: GitOps as Flux v2 does it, without a controller in the cluster.
Its commands, words and exit codes are those of the flux command.`;

const EXAMPLES = `
Examples:
  sluice dev                                                    everything on this machine: a cluster, a Git server, an example
  sluice check                                                  is this cluster ready, and what is installed in it
  sluice install                                                put the custom resources and the marker into a cluster
  sluice bootstrap github --owner O --repository R --path P     the same from a repository, which then keeps it
  sluice get all -A                                             every object and its state
  sluice reconcile kustomization apps --with-source             look at a source and apply it now
  sluice suspend kustomization apps                             leave the cluster as it is until it is resumed
  sluice diff kustomization apps --path ./deploy                what would change
  sluice template helmrelease podinfo                           what its chart renders to, with its values
  sluice kustomize ./deploy                                     what "kubectl kustomize ./deploy" prints
  sluice trace -n apps deployment web                           where an object comes from
  sluice logs -f --level error                                  what the functions on AWS, or "sluice dev", have to tell`;

/** A command and the heading under which help shows it. It is loaded when it is asked for: a short command does not wait for what others need. */
export type ListedCommand = { readonly heading: string; readonly name: string; load(cli: Cli): Promise<Command> };

export const ON_THIS_MACHINE = "On this machine:";
const INSTALLATION = "Installation:";
const WHAT_IS_THERE = "What is there:";
const ACTING = "Acting:";
const BEFORE_A_PUSH = "Before a push:";

const COMMANDS: readonly ListedCommand[] = [
  { heading: ON_THIS_MACHINE, name: "logs", load: async (cli) => (await import("./commands/logs.ts")).logsCommand(cli) },
  { heading: INSTALLATION, name: "bootstrap", load: async (cli) => (await import("./commands/bootstrap.ts")).bootstrapCommand(cli) },
  { heading: INSTALLATION, name: "check", load: async (cli) => (await import("./commands/check.ts")).checkCommand(cli) },
  { heading: INSTALLATION, name: "install", load: async (cli) => (await import("./commands/install.ts")).installCommand(cli) },
  { heading: INSTALLATION, name: "uninstall", load: async (cli) => (await import("./commands/uninstall.ts")).uninstallCommand(cli) },
  { heading: INSTALLATION, name: "version", load: async (cli) => (await import("./commands/version.ts")).versionCommand(cli) },
  { heading: WHAT_IS_THERE, name: "get", load: async (cli) => (await import("./commands/get.ts")).getCommand(cli) },
  { heading: WHAT_IS_THERE, name: "events", load: async (cli) => (await import("./commands/events.ts")).eventsCommand(cli) },
  { heading: WHAT_IS_THERE, name: "tree", load: async (cli) => (await import("./commands/tree.ts")).treeCommand(cli) },
  { heading: WHAT_IS_THERE, name: "trace", load: async (cli) => (await import("./commands/trace.ts")).traceCommand(cli) },
  { heading: WHAT_IS_THERE, name: "stats", load: async (cli) => (await import("./commands/stats.ts")).statsCommand(cli) },
  { heading: WHAT_IS_THERE, name: "export", load: async (cli) => (await import("./commands/export.ts")).exportCommand(cli) },
  { heading: WHAT_IS_THERE, name: "debug", load: async (cli) => (await import("./commands/debug.ts")).debugCommand(cli) },
  { heading: ACTING, name: "create", load: async (cli) => (await import("./commands/create.ts")).createCommand(cli) },
  { heading: ACTING, name: "reconcile", load: async (cli) => (await import("./commands/reconcile.ts")).reconcileCommand(cli) },
  { heading: ACTING, name: "suspend", load: async (cli) => (await import("./commands/suspend.ts")).suspendCommand(cli) },
  { heading: ACTING, name: "resume", load: async (cli) => (await import("./commands/resume.ts")).resumeCommand(cli) },
  { heading: BEFORE_A_PUSH, name: "build", load: async (cli) => (await import("./commands/build.ts")).buildCommand(cli) },
  { heading: BEFORE_A_PUSH, name: "diff", load: async (cli) => (await import("./commands/diff.ts")).diffCommand(cli) },
  { heading: BEFORE_A_PUSH, name: "template", load: async (cli) => (await import("./commands/template.ts")).templateCommand(cli) },
  { heading: BEFORE_A_PUSH, name: "kustomize", load: async (cli) => (await import("./commands/kustomize.ts")).kustomizeCommand(cli) },
  { heading: "Other:", name: "completion", load: async (cli) => (await import("./commands/completion.ts")).completionCommand(cli) },
];

/**
 * The commands of `sluice` that a command line may need, which begins with `first`: the one that it names, else all of them. `more` are commands
 * that need more than a cluster, such as `dev`.
 */
export async function createProgram(cli: Cli, first: string | undefined, more: readonly ListedCommand[] = []): Promise<Command> {
  const program = new Command("sluice").description(ABOUT);
  program.enablePositionalOptions().configureHelp({ formatHelp: renderHelp }).helpOption("-h, --help", "print help").addHelpText("after", EXAMPLES);
  const all = [...more, ...COMMANDS];
  const named = all.filter(({ name }) => name === first);
  const needed = named.length > 0 ? named : all;
  const loaded = await Promise.all(needed.map(({ load }) => load(cli)));
  for (const [index, command] of loaded.entries()) program.addCommand(command.helpGroup(needed[index]?.heading ?? ""));
  if (named.length === 0)
    program.addCommand(
      (await import("./commands/completion.ts")).completeCommand(cli, () => program),
      { hidden: true },
    );
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
