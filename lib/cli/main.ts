import { epochMs } from "@sluice/engine/domain/time.ts";
import { type Command, CommanderError } from "commander";
import { type Environment, readEnvironment, VERSION } from "../config.ts";
import { terminalText } from "../terminal-text.ts";
import type { Cli, CliClock } from "./cli.ts";
import { Ended, Failure } from "./failure.ts";
import { readableFlags } from "./flag-forms.ts";
import { createProgram, type ListedCommand, ON_THIS_MACHINE } from "./program.ts";
import { createSay } from "./say.ts";
import { readSettings } from "./settings.ts";
import { usageProblem } from "./usage.ts";
import { voiceOf } from "./voice.ts";

/** The command `sluice` with these words after its name: runs it and sets the exit code of the process. */
export async function run(words: readonly string[]): Promise<void> {
  const cancelled = new AbortController();
  // The first one asks to end, and is heard by what waits; a second one ends the process. In a build nothing waits: there it is the first one.
  for (const signal of words[0] === "kustomize" ? [] : ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => cancelled.abort());
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endOfPipe);
  const environment = readEnvironment(process.env, process.cwd());
  const cli = createCli(environment, cancelled.signal);
  const dev: ListedCommand = {
    heading: ON_THIS_MACHINE,
    name: "dev",
    load: async () => {
      const { devCommand } = await import("./commands/dev.ts");
      return devCommand(cli, environment.kubeconfigFiles, async (other) => runProgram(await createProgram(cli, other[0]), cli, other));
    },
  };
  process.exitCode = await runProgram(await createProgram(cli, words[0], [dev]), cli, words);
}

/** Exit code of one command line; everything that it has to say is said through `cli`. */
export async function runProgram(program: Command, cli: Cli, words: readonly string[]): Promise<number> {
  let reached = program;
  const prepare = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: cli.out, writeErr: cli.out, outputError: () => undefined });
    for (const below of command.commands) prepare(below);
  };
  prepare(program);
  try {
    if (words[0] === "-v" || words[0] === "--version") {
      cli.out(`sluice version ${VERSION}\n`);
      return 0;
    }
    const asked = words[0] === "help" ? [...words.slice(1), "--help"] : words.length === 0 ? ["--help"] : words;
    const readable = readableFlags(program, asked, (command) => {
      reached = command;
    });
    await program.parseAsync([...readable], { from: "user" });
    return 0;
  } catch (error) {
    return explain(error, cli, pathOf(reached), words);
  }
}

function explain(error: unknown, cli: Cli, path: string, words: readonly string[]): number {
  if (error instanceof Ended) return error.exitCode;
  const voice = voiceOf(cli, path);
  if (error instanceof CommanderError) {
    const problem = usageProblem(error, path, words);
    if (problem === undefined) return 0;
    voice.usage(problem);
    return 1;
  }
  if (error instanceof Failure) {
    voice.failure(error.message);
    if (error.place !== undefined) cli.hint(`  at ${error.place}\n`);
    return error.exitCode;
  }
  voice.failure(error instanceof Error ? error.message : String(error));
  return 1;
}

const pathOf = (command: Command): string => (command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`);

function createCli(environment: Environment, signal: AbortSignal): Cli {
  const err = (text: string): void => void process.stderr.write(terminalText(text));
  const clock: CliClock = { now: () => epochMs(Date.now()), sleep: (span) => sleep(span, signal) };
  return {
    // Data for a program or a file stays as it is, to the byte.
    out: (text) => void process.stdout.write(process.stdout.isTTY ? terminalText(text) : text),
    err,
    hint: (text) => (process.stderr.isTTY ? err(text) : undefined),
    say: createSay(err),
    clock,
    settings: (flags) =>
      readSettings(environment, flags, async () => {
        const { openConnection } = await import("./connect.ts");
        return (await openConnection(environment, flags)).namespace;
      }),
    connect: async ({ flags }) => {
      const { openConnection, openSession } = await import("./connect.ts");
      return openSession(await openConnection(environment, flags), flags);
    },
    aws: async (region) => (await import("./aws/open-aws.ts")).openAws({ region, clock }),
    remotes: async () => (await import("./bootstrap/open-remotes.ts")).openRemotes(clock),
    access: environment,
    folderFiles: async () => (await import("@sluice/platform/node/folder-files.ts")).createFolderFiles,
    confirm,
    signal,
    folder: environment.folder,
    workingFolder: environment.workingFolder,
  };
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function sleep(span: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, span);
    signal.addEventListener("abort", end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    }
  });
}

/** `sluice get all | head`: whoever reads has read enough. */
function endOfPipe(error: Error): void {
  if ("code" in error && error.code === "EPIPE") process.exit(0);
  throw error;
}
