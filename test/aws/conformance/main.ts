/**
 * npm run test:aws:conformance [-- --require-moto]
 *
 * Asks our AWS fake and, where python3 can give a virtual environment, moto the same things through the real SDK clients.
 * Fails when our fake does not do what AWS documents, or when moto does otherwise and differences.ts does not say why.
 */
import type { Check, World } from "./check.ts";
import { checksAt } from "./checks.ts";
import { findProblems, type Result } from "./compare.ts";
import { DIFFERENCES } from "./differences.ts";
import { type Moto, startMoto } from "./moto.ts";
import { openOurWorld } from "./our-world.ts";

const PATIENCE_MS = 60_000;

function motoWorld(url: string): World {
  let names = 0;
  return {
    client: { endpoint: url, region: "eu-central-1", credentials: { accessKeyId: "AKIATESTING000000000", secretAccessKey: "testing" } },
    name: (word) => {
      names += 1;
      return `${word}-${names}`;
    },
    pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
  };
}

async function ask(check: Check, world: World): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("no answer in time"), PATIENCE_MS);
  });
  try {
    return await Promise.race([check.run(world), late]);
  } catch (thrown) {
    return `threw ${thrown instanceof Error ? thrown.name : String(thrown)}`;
  } finally {
    clearTimeout(timer);
  }
}

function print(result: Result, check: Check): void {
  const ours = result.ours === result.want ? "ok" : "WRONG";
  const asked = result.moto === result.ours ? "same" : "differs";
  const moto = result.moto === undefined ? (check.notMoto === undefined ? "-" : `not asked: ${check.notMoto}`) : asked;
  console.log(`ours ${ours.padEnd(5)}  moto ${moto.padEnd(8)}  ${result.id}`);
  if (result.moto !== undefined && result.moto !== result.ours) console.log(`    ours ${result.ours}\n    moto ${result.moto}`);
}

async function compareAll(moto: Moto): Promise<readonly Result[]> {
  const our = await openOurWorld();
  const their = moto.kind === "running" ? motoWorld(moto.url) : undefined;
  const results: Result[] = [];
  for (const check of checksAt(our.now)) {
    const ours = await ask(check, our.world);
    const asked = their !== undefined && check.notMoto === undefined ? await ask(check, their) : undefined;
    const result: Result = { id: check.id, want: check.want, ours, moto: asked };
    results.push(result);
    print(result, check);
  }
  await our.stop();
  return results;
}

const moto = await startMoto();
let results: readonly Result[] = [];
try {
  results = await compareAll(moto);
} finally {
  if (moto.kind === "running") moto.stop();
}

const problems = findProblems(results, moto.kind === "running" ? DIFFERENCES : []);
for (const problem of problems) console.log(`\n✗ ${problem}`);
const asked = results.filter((result) => result.moto !== undefined);
const differing = asked.filter((result) => result.moto !== result.ours);
const said = moto.kind === "running" ? `moto was asked ${asked.length} and differs in ${differing.length}` : `moto was not asked: ${moto.why}`;
console.log(`\n${results.length} checks of our AWS fake; ${said}; ${problems.length === 0 ? "nothing unexplained" : `${problems.length} problems`}`);
const missing = moto.kind === "absent" && process.argv.includes("--require-moto");
process.exitCode = problems.length > 0 || missing ? 1 : 0;
