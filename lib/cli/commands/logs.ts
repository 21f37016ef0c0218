import { join } from "node:path";
import { parseDuration } from "@sluice/engine/domain/duration.ts";
import { type EpochMs, epochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { Command } from "commander";
import { logFileOf } from "../../config.ts";
import type { ReadAwsLog } from "../aws/read-aws-log.ts";
import type { Cli, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import type { LogFilter } from "../log-line.ts";

type Flags = GlobalFlags & {
  readonly level?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly follow?: boolean;
  readonly tail?: string;
  readonly since?: string;
  readonly sinceTime?: string;
  readonly allNamespaces?: boolean;
  readonly fluxNamespace?: string;
  readonly dir?: string;
};

const LEVELS = ["debug", "info", "error"];

export const logsCommand = (cli: Cli): Command =>
  new Command("logs")
    .summary('Display the log of the installation on AWS, or the one that "sluice dev" writes')
    .argument("[none...]")
    .option("-f, --follow", "go on and print lines as they are written")
    .option("--level <string>", `only lines of this level: ${LEVELS.join(", ")}`)
    .option("--kind <string>", "only lines about objects of this kind, e.g. GitRepository")
    .option("--name <string>", "only lines about objects of this name")
    .option("-A, --all-namespaces", "lines about objects in all namespaces")
    .option("--tail <int>", "only the last lines of the log")
    .option("--since <duration>", "only lines newer than this, e.g. 5s, 2m, 3h (on AWS, without --tail, the last hour)")
    .option("--since-time <time>", "only lines after this time (RFC3339)")
    .option("--dir <folder>", "the folder that has .sluice/log.jsonl (default SLUICE_DIR, then the working directory); not the log on AWS")
    .option("--flux-namespace <string>", "the namespace of the marker, which names the installation on AWS")
    .action(async (words: string[], _: unknown, self: Command) => showLogs(cli, words, flagsOf<Flags>(self)));

/** Source: reference 6.7; the log is that of functions or a file, and not that of Pods. */
async function showLogs(cli: Cli, words: readonly string[], flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (words.length > 0) throw new Failure("no argument required");
  const filter = filterOf(cli, settings, flags);
  const tail = tailOf(flags.tail);
  const follow = flags.follow === true;
  const installed = flags.dir === undefined ? await findInstalled(cli, settings, flags) : undefined;
  if (installed !== undefined) {
    const { readAwsLog } = await import("../aws/read-aws-log.ts");
    return readAwsLog(cli, { ...installed, filter, follow, ...(tail !== undefined && { tail }) });
  }
  const path = logFileOf(flags.dir ?? cli.folder);
  const { readLog } = await import("../read-log.ts");
  const isThere = await readLog({ path, filter, follow, signal: cli.signal, ...(tail !== undefined && { tail }) }, cli.out);
  if (!isThere) throw new Failure(`no log found at ${join(path)}: "sluice dev" writes it, and --dir names the folder that it works in`);
}

/** What looks after the cluster from AWS, if anything does. Throws a Failure where it is named and cannot be found. */
async function findInstalled(cli: Cli, settings: Settings, flags: Flags): Promise<Pick<ReadAwsLog, "aws" | "groups" | "cluster"> | undefined> {
  const { findInstallation } = await import("../aws/marker.ts");
  const on = await cli
    .connect(settings)
    .then(({ cluster }) => findInstallation(cluster, flags.fluxNamespace ?? settings.namespace))
    .catch(() => undefined); // no cluster, and so none that anything on AWS looks after: the log of this machine, then
  if (on === undefined) return undefined;
  const aws = await cli.aws(on.region);
  const answer = await aws.readInstallation(on.cluster);
  if (answer.kind === "found") return { aws, groups: answer.installation.logGroups, cluster: on.cluster };
  const { installationProblem } = await import("../aws/installation-problem.ts");
  throw new Failure(`failed to read the log: ${installationProblem(answer, on)}; --dir reads that of "sluice dev"`);
}

function filterOf(cli: Cli, { namespace }: Settings, flags: Flags): LogFilter {
  const { level, kind, name } = flags;
  if (level !== undefined && !LEVELS.includes(level))
    throw new Failure(
      `invalid argument ${JSON.stringify(level)} for "--level" flag: log level '${level}' is not supported, must be one of: ${LEVELS.join(", ")}`,
    );
  const since = sinceOf(cli, flags);
  return {
    ...(level !== undefined && { level }),
    ...(kind !== undefined && { kind }),
    ...(name !== undefined && { name }),
    ...(flags.allNamespaces !== true && { namespace }),
    ...(since !== undefined && { since }),
  };
}

function sinceOf(cli: Cli, { since, sinceTime }: Flags): EpochMs | undefined {
  if (since !== undefined && sinceTime !== undefined) throw new Failure("at most one of `sinceTime` or `sinceDuration` may be specified");
  if (sinceTime !== undefined) {
    const moment = parseTime(sinceTime);
    if (moment === undefined) throw new Failure(`${sinceTime} is not a valid (RFC3339) time`);
    return moment;
  }
  if (since === undefined) return undefined;
  const span = parseDuration(since);
  if (span === undefined) throw new Failure(`invalid argument ${JSON.stringify(since)} for "--since" flag: time: invalid duration ${JSON.stringify(since)}`);
  return epochMs(cli.clock.now() - span);
}

function tailOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text))
    throw new Failure(`invalid argument ${JSON.stringify(text)} for "--tail" flag: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text) < 0 ? undefined : Number(text);
}
