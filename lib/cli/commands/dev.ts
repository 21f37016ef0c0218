import { fileURLToPath } from "node:url";
import { type Milliseconds, seconds } from "@sluice/engine/domain/time.ts";
import { Command } from "commander";
import type { Local, LocalOptions } from "../../local/main.ts";
import { createStory } from "../../local/story.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";

type Flags = GlobalFlags & {
  readonly once?: boolean;
  readonly examples?: boolean;
  readonly repo?: string;
  readonly branch?: string;
  readonly path?: string;
  readonly secretRef?: string;
  readonly dir?: string;
  readonly sendNotifications?: boolean;
};

const LONGEST_START = seconds(120);
/** How long --once waits for the last notifications to be taken. */
const LONGEST_TELLING = seconds(20);

/** Runs another command of the program, as if its words had been typed; gives its exit code. */
export type RunWords = (words: readonly string[]) => Promise<number>;

/** What `npm start` runs: Sluice on this machine, in one process, until Ctrl-C. */
export function devCommand(cli: Cli, kubeconfigFiles: readonly string[], runWords: RunWords): Command {
  return new Command("dev")
    .summary("Run Sluice on this machine, with a sandbox cluster or one of your own")
    .option("--once", "end when everything is Ready (exit 0) or something failed (exit 1)")
    .option("--no-examples", "apply no examples, only look after what is in the cluster")
    .option("--repo <url>", "reconcile this repository (http or https) instead of the example")
    .option("--branch <name>", "its branch", "main")
    .option("--path <path>", "the folder in it to apply", "./")
    .option("--secret-ref <name>", "the Secret with the repository's credentials, in the namespace of --namespace")
    .option("--send-notifications", "send what Alerts let through to wherever it goes; without it, what would leave this machine is shown instead")
    .option("--dir <folder>", "keep kubeconfig, log and artifacts below this folder")
    .action(async (_: unknown, self: Command) => {
      const flags = flagsOf<Flags>(self);
      const settings = await cli.settings(flags);
      await run(cli, flags, optionsOf(cli, flags, settings.namespace, kubeconfigFiles), runWords);
    });
}

/** Throws a Failure for what cannot be reconciled, or would be shown to everybody. */
function checkRepository(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new Failure(`--repo ${JSON.stringify(url)}: expected the URL of a repository over https or http; git over ssh is not implemented yet`);
  if (parsed.username !== "" || parsed.password !== "")
    throw new Failure(
      "--repo: the URL has credentials in it, and would stand in the cluster for all to read: put them into a Secret, and name it with --secret-ref",
    );
}

function optionsOf(cli: Cli, flags: Flags, namespace: string, kubeconfigFiles: readonly string[]): LocalOptions {
  const { kubeconfig, context, repo: url, branch = "main", path = "./", secretRef } = flags;
  if (url !== undefined) checkRepository(url);
  return {
    folder: flags.dir ?? cli.folder,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(url !== undefined && { repository: { url, branch, path, ...(secretRef !== undefined && { secretRef }) } }),
    kubeconfigFiles,
    examples: flags.examples !== false,
    sendsNotifications: flags.sendNotifications === true,
    namespace,
    story: createStory(cli.err),
    sluice: [process.execPath, fileURLToPath(new URL("../sluice.js", import.meta.url))],
  };
}

async function run(cli: Cli, flags: Flags, options: LocalOptions, runWords: RunWords): Promise<void> {
  const { CannotStart, startLocal } = await import("../../local/main.ts");
  const { untilReady } = await import("../../local/until-ready.ts");
  const { story } = options;
  const local = await startLocal(options).catch((error: unknown) => {
    throw error instanceof CannotStart ? new Failure(error.message) : error;
  });
  try {
    const settled = await untilReady(local.host, story, LONGEST_START, cli.signal);
    if (!cli.signal.aborted) {
      cli.err("\n");
      await printTable(local, runWords);
    }
    if (flags.once === true) {
      await Promise.race([local.host.deliveries.idle(), pause(LONGEST_TELLING)]);
      if (settled.kind === "failed") throw new Failure(settled.reason);
      story.done("everything is Ready");
      return;
    }
    if (!cli.signal.aborted) {
      if (settled.kind === "failed") story.failed(settled.reason);
      else story.done("everything is Ready");
      const { whatNext } = await import("../../local/what-next.ts");
      cli.out(await whatNext(local));
    }
    await untilStopped(cli.signal);
    story.doing("stopping");
  } finally {
    await local.stop();
  }
  story.done("stopped");
}

/** As `flux get all -A` would print it. */
async function printTable(local: Local, runWords: RunWords): Promise<void> {
  const access = [
    ...(local.kubeconfig === undefined ? [] : ["--kubeconfig", local.kubeconfig]),
    ...(local.context === undefined ? [] : ["--context", local.context]),
  ];
  await runWords(["get", "all", "-A", ...access]);
}

const pause = (span: Milliseconds): Promise<void> => new Promise((done) => setTimeout(done, span).unref());

const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener("abort", () => done(), { once: true })));
