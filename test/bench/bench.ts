import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measure } from "./aws/measure.ts";
import { renderModel } from "./aws/model.ts";
import { writeRecorded } from "./aws/recorded.ts";
import { countRounds } from "./aws/rounds.ts";
import { functionTable, measureFunctions } from "./functions/measure.ts";
import { chartTable, measureCharts } from "./helm/charts.ts";
import { indexTable, measureIndex } from "./helm/index.ts";
import { createKubectl, kubectlVersion } from "./kubectl.ts";
import { measureNotifications, notificationTable } from "./notifications/measure.ts";
import { type Measured, measuredOf, tableOf } from "./report.ts";
import { ROWS, type Round, type Row } from "./rows.ts";
import { openServer, SERVERS, type Server, type ServerName } from "./servers.ts";
import { createWorld, type World } from "./world.ts";

/** Objects of the push whose time on AWS is modelled. Source: design §7. */
const PUSHED = 20;

/** What needs no API server. */
const BESIDE: { readonly [id: string]: (rounds: number) => Promise<string> } = {
  index: async (rounds) => indexTable(await measureIndex(rounds)),
  charts: async (rounds) => chartTable(await measureCharts(4 * rounds)),
  notifications: async (rounds) => notificationTable(await measureNotifications(rounds)),
  functions: async (rounds) => functionTable(measureFunctions(3 * rounds)),
  aws: async (rounds) => {
    const input = { measured: await measure(2 * rounds), rounds: await countRounds(PUSHED) };
    if (values.write) await writeRecorded(input);
    return `${renderModel(input)}\n`;
  },
};

const USAGE = `npm run bench -- [--server sandbox|real]... [--row ID]... [--rounds N] [--json] [--write]

Measures what a push costs until it is Ready, beside kubectl apply --server-side of the same manifests on the same server in the same run.
A real API server needs KUBEBUILDER_ASSETS. Without --server: both when that is set, else the sandbox.
rows: ${ROWS.map(({ id }) => id).join(" ")}
      ${Object.keys(BESIDE).join(" ")} (no server: a large index of charts, a chart beside helm template, events to a Provider and filters in CEL, the bundles of the functions, and the model of a push on AWS; --write records that for docs/performance.md)

npm run bench:builds measures builds alone, beside kubectl kustomize.
`;

const { values } = parseArgs({
  options: {
    server: { type: "string", multiple: true },
    row: { type: "string", multiple: true },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const servers = chosen(values.server ?? (process.env.KUBEBUILDER_ASSETS ? [...SERVERS] : ["sandbox"]), SERVERS, "server");
  const known = [...ROWS.map(({ id }) => id), ...Object.keys(BESIDE)];
  const ids = chosen(values.row ?? known, known, "row");
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected a number from 1 on, got "${values.rounds}"`);
  const machine = { cpu: cpus()[0]?.model ?? "", cpus: cpus().length, node: process.version, kubectl: await kubectlVersion(), load: loadavg() };
  const rows = ROWS.filter(({ id }) => ids.includes(id));
  const results: Measured[] = [];
  if (rows.length > 0) for (const name of servers) results.push(...(await onServer(name, rows, rounds)));
  const beside: { [id: string]: string } = {};
  for (const [id, measured] of Object.entries(BESIDE)) if (ids.includes(id)) beside[id] = await measured(rounds);
  const after = loadavg();
  if (values.json) process.stdout.write(`${JSON.stringify({ machine: { ...machine, loadAfter: after }, rounds, results, beside }, null, 2)}\n`);
  else
    process.stdout.write(
      `${machine.cpus} x ${machine.cpu}, Node ${machine.node}, kubectl ${machine.kubectl}, ${rounds} rounds, load ${machine.load[0]?.toFixed(1)} before and ${after[0]?.toFixed(1)} after\n\n${[...(results.length > 0 ? [tableOf(results)] : []), ...Object.values(beside)].join("\n")}`,
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
