import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { createKubectl, kubectlVersion } from "./kubectl.ts";
import { type Measured, measuredOf, tableOf } from "./report.ts";
import { ROWS, type Round, type Row } from "./rows.ts";
import { openServer, SERVERS, type Server, type ServerName } from "./servers.ts";
import { createWorld, type World } from "./world.ts";

const USAGE = `npm run bench -- [--server sandbox|real]... [--row ID]... [--rounds N] [--json]

Measures what a push costs until it is Ready, beside kubectl apply --server-side of the same manifests on the same server in the same run.
A real API server needs KUBEBUILDER_ASSETS. Without --server: both when that is set, else the sandbox.
rows: ${ROWS.map(({ id }) => id).join(" ")}

npm run bench:builds measures builds alone, beside kubectl kustomize.
`;

const { values } = parseArgs({
  options: {
    server: { type: "string", multiple: true },
    row: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const servers = chosen(values.server ?? (process.env.KUBEBUILDER_ASSETS ? [...SERVERS] : ["sandbox"]), SERVERS, "server");
  const ids = chosen(
    values.row ?? ROWS.map(({ id }) => id),
    ROWS.map(({ id }) => id),
    "row",
  );
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected a number from 1 on, got "${values.rounds}"`);
  const machine = { cpu: cpus()[0]?.model ?? "", cpus: cpus().length, node: process.version, kubectl: await kubectlVersion(), load: loadavg() };
  const rows = ROWS.filter(({ id }) => ids.includes(id));
  const results: Measured[] = [];
  for (const name of servers) results.push(...(await onServer(name, rows, rounds)));
  const after = loadavg();
  if (values.json) process.stdout.write(`${JSON.stringify({ machine: { ...machine, loadAfter: after }, rounds, results }, null, 2)}\n`);
  else
    process.stdout.write(
      `${machine.cpus} x ${machine.cpu}, Node ${machine.node}, kubectl ${machine.kubectl}, ${rounds} rounds, load ${machine.load[0]?.toFixed(1)} before and ${after[0]?.toFixed(1)} after\n\n${tableOf(results)}`,
    );
}

async function onServer(name: ServerName, rows: readonly Row[], rounds: number): Promise<readonly Measured[]> {
  const server = await openServer(name);
  try {
    const world = await createWorld(server);
    try {
      const results: Measured[] = [];
      for (const row of rows) results.push(measuredOf(name, row, await roundsOf(row, world, server, rounds)));
      return results;
    } finally {
      await world.stop();
    }
  } finally {
    await server.stop();
  }
}

async function roundsOf(row: Row, world: World, server: Server, count: number): Promise<readonly Round[]> {
  process.stderr.write(`► ${server.name}: ${row.title}\n`);
  const opened = await row.open(world, server, await createKubectl(server.kubeconfig));
  try {
    const rounds: Round[] = [];
    for (let index = 0; index < count; index++) rounds.push(await opened.round());
    return rounds;
  } finally {
    await opened.close();
  }
}

function chosen<Name extends string>(asked: readonly string[], known: readonly Name[], what: string): readonly Name[] {
  const unknown = asked.find((one) => !known.some((name) => name === one));
  if (unknown !== undefined) throw new Error(`--${what}: no "${unknown}"; there are ${known.join(", ")}`);
  return known.filter((name) => asked.includes(name));
}
