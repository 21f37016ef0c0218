/**
 * Writes down what a running kube-apiserver knows of its own kinds, for the sandbox and for the engine. Run it again for a new version of
 * Kubernetes: `npm run generate:kinds -- --kubeconfig FILE`. The server must be one that test/support/kubernetes/assets built on this
 * machine, because some facts are in its Go types only.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { packTable } from "@sluice/engine/tables/packed-table.ts";
import { createApiClient } from "./generation/api-client.ts";
import { readKinds } from "./generation/discovery.ts";
import { readGoTypes } from "./generation/go-types.ts";
import { reachable, readOpenApi } from "./generation/openapi.ts";
import { probe } from "./generation/probe.ts";
import { makeTypedTable } from "./generation/typed-table.ts";

/** One line per entry, so that a new version of Kubernetes can be read as a diff. */
const lines = (entries: readonly (readonly [string, unknown])[]): string =>
  `{\n${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",\n")}\n}`;
const list = (values: readonly unknown[]): string => `[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;

const { values } = parseArgs({ options: { kubeconfig: { type: "string" } } });
if (values.kubeconfig === undefined) {
  process.stderr.write("usage: node lib/local/sandbox/kinds/generate.ts --kubeconfig FILE\n");
  process.exit(2);
}
const api = createApiClient(values.kubeconfig);
const version = String((await api.get("/version")).body.gitVersion);
const openApi = await readOpenApi(api);
const kinds = await readKinds(api, openApi.kinds);
const definitions = reachable(
  openApi.definitions,
  kinds.map((kind) => kind.schema),
);
const typed = makeTypedTable(version, kinds, definitions, readGoTypes(version));
const probes = await probe(api, kinds);
api.close();

writeFileSync(
  new URL("kinds.generated.json", import.meta.url),
  `{"kubernetes":${JSON.stringify(version)},\n"kinds":${list(kinds)},\n"definitions":${lines([...definitions])}}\n`,
);
writeFileSync(
  new URL("../../../../layers/engine/plan/typed-kinds.generated.json", import.meta.url),
  `{"kubernetes":${JSON.stringify(version)},\n"kinds":${lines(Object.entries(typed.kinds))},\n"types":${list(typed.types)}}\n`,
);
writeFileSync(new URL("../../../../layers/engine/plan/typed-kinds.packed.json", import.meta.url), `${JSON.stringify(packTable(typed))}\n`);
// What the defaults in default-values.ts and default-rules.ts are held to by their test.
writeFileSync(new URL("../../../../test/unit/local/sandbox/kinds/probes.generated.json", import.meta.url), `${list(probes)}\n`);
process.stderr.write(`${kinds.length} kinds and ${definitions.size} definitions of Kubernetes ${version}\n`);
