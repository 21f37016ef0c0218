import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { type Client, createClient } from "./cluster/client.ts";
import { type ClusterName, startCluster } from "./cluster/clusters.ts";
import { diffFromRecording } from "./difference.ts";
import { type Forge, startForge } from "./git/forge.ts";
import { type Listed, parseDifferences } from "./listed.ts";
import { playScenario } from "./story/play.ts";
import { type Ending, judge, type Verdict } from "./verdict.ts";

/** Does Sluice leave in a cluster what real Flux left there? `node test/conformance/main.ts --help` */
const USAGE = `usage: node test/conformance/main.ts [--cluster sandbox|real] [--jobs N] [--diff] [--log FILE] [AREA | AREA/NAME | NAME ...]

  --cluster  sandbox (default) or real: kube-apiserver out of KUBEBUILDER_ASSETS, built when that is not set
  --jobs     scenarios at a time
  --diff     shows the diffs of listed scenarios, too
  --log      where the engine writes its log
`;
const AREAS = ["apply", "build", "helm", "sources"];
const FOLDER = import.meta.dirname;
/** Most of a scenario is waiting for others: more at a time than there are processors, but not so many that they wait for each other. */
const JOBS: { readonly [name in ClusterName]: number } = { sandbox: 8, real: 8 };

type Plan = {
  readonly cluster: ClusterName;
  readonly jobs: number;
  readonly diffs: boolean;
  readonly log: string | undefined;
  readonly names: readonly string[];
};

function parsePlan(words: readonly string[]): Plan {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      cluster: { type: "string", default: "sandbox" },
      jobs: { type: "string" },
      diff: { type: "boolean", default: false },
      log: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const { cluster, diff: diffs, log } = values;
  if (values.help || (cluster !== "sandbox" && cluster !== "real")) throw new Error(USAGE);
  const jobs = Number(values.jobs ?? JOBS[cluster]);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`not a number of jobs: ${values.jobs}`);
  return { cluster, jobs, diffs, log, names: positionals };
}

/** All scenarios that one of `names` names, by area or name; all of them without names. */
async function findScenarios(names: readonly string[]): Promise<readonly string[]> {
  const areas = await Promise.all(
    AREAS.map(async (area) => (await readdir(join(FOLDER, "scenarios", area))).map((file) => `${area}/${file.replace(/\.yaml$/, "")}`)),
  );
  const wanted = (scenario: string): boolean => names.some((name) => scenario === name || scenario.startsWith(`${name}/`) || scenario.endsWith(`/${name}`));
  return areas
    .flat()
    .filter((scenario) => names.length === 0 || wanted(scenario))
    .toSorted();
}

type World = { readonly client: Client; readonly forge: Forge };

async function end(scenario: string, index: number, world: World): Promise<Ending> {
  const [source, recorded] = await Promise.all(["scenarios", "recorded"].map((folder) => readFile(join(FOLDER, folder, `${scenario}.yaml`), "utf8")));
  const namespace = `t${index}-${Date.now().toString(36)}`;
  try {
    return { kind: "ended", diff: await diffFromRecording(recorded ?? "", await playScenario(source ?? "", { ...world, namespace })) };
  } catch (error) {
    return { kind: "broken", why: error instanceof Error ? error.message : String(error) };
  }
}

type Played = { readonly scenario: string; readonly index: number; readonly ending: Ending; readonly verdict: Verdict };

async function playOne(index: number, scenario: string, listed: readonly Listed[], world: World, plan: Plan): Promise<Played> {
  const ending = await end(scenario, index, world);
  const excuse = listed.find((one) => one.scenario === scenario && one.clusters.includes(plan.cluster));
  return { scenario, index, ending, verdict: judge(ending, excuse) };
}

function show({ scenario, ending, verdict }: Played, { diffs }: Plan): void {
  const line = `${verdict.word.padEnd(9)} ${scenario}`;
  process.stdout.write(verdict.text === "" ? `${line}\n` : `${line}${verdict.word === "differs" ? "\n" : ": "}${verdict.text.trimEnd()}\n`);
  if (diffs && verdict.word === "listed") process.stdout.write(`${ending.kind === "broken" ? ending.why : ending.diff}\n`);
}

/**
 * All of them side by side, and then those that failed once more, each alone: snapshots look at a moment after another, and on a machine that is
 * busy with eight scenarios that moment can come too early. What fails alone fails.
 */
async function playAll(scenarios: readonly string[], listed: readonly Listed[], world: World, plan: Plan): Promise<number> {
  const failed: Played[] = [];
  const waiting = [...scenarios.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const played = await playOne(...next, listed, world, plan);
      if (played.verdict.passed) show(played, plan);
      else failed.push(played);
    }
  };
  await Promise.all(Array.from({ length: plan.jobs }, work));
  let lost = 0;
  for (const { scenario, index } of failed.toSorted((a, b) => a.index - b.index)) {
    const again = await playOne(index + scenarios.length, scenario, listed, world, plan);
    show(again, plan);
    if (!again.verdict.passed) lost++;
  }
  return lost;
}

async function main(plan: Plan): Promise<number> {
  const scenarios = await findScenarios(plan.names);
  if (scenarios.length === 0) throw new Error(`no scenario is named ${plan.names.join(" or ")}`);
  const listed = parseDifferences(await readFile(join(FOLDER, "../../docs/differences.md"), "utf8"));
  const forge = await startForge();
  const cluster = await startCluster(plan.cluster, plan.log).catch(async (error: unknown) => {
    await forge.stop();
    throw error;
  });
  const http = createHttp({ ...cluster.connection, userAgent: "conformance" });
  try {
    const failed = await playAll(scenarios, listed, { client: createClient(http), forge }, plan);
    process.stdout.write(`${scenarios.length - failed} passed, ${failed} failed\n`);
    return failed === 0 ? 0 : 1;
  } finally {
    http.close();
    await cluster.stop();
    await forge.stop();
  }
}

try {
  process.exitCode = await main(parsePlan(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
