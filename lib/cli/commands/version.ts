import { writeYaml } from "@sluice/engine/build/yaml/write.ts";
import { Command } from "commander";
import { VERSION } from "../../config.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import type { GlobalFlags } from "../global-flags.ts";
import { imagesOf, listDeployments, readClusterInfo, splitImage } from "../installation.ts";

type Flags = GlobalFlags & { readonly client?: boolean; readonly output?: string };

export const versionCommand = (cli: Cli): Command =>
  new Command("version")
    .summary("Print the client and server-side components version information")
    .argument("[none...]")
    .option("--client", "print only the client version")
    .option("-o, --output <string>", 'the format in which the information should be printed: json or yaml (default "yaml")')
    .action(async (_words: string[], _: unknown, self: Command) => showVersion(cli, flagsOf<Flags>(self)));

async function showVersion(cli: Cli, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  const output = flags.output ?? "yaml";
  if (output !== "yaml" && output !== "json") throw new Failure(`--output must be json or yaml, not ${output}`);
  const client: Lines = [["sluice", `v${VERSION}`]];
  const lines = flags.client === true ? client : [...client, ...(await inCluster(cli, settings))];
  // In YAML the client stands first, in JSON the keys are sorted, as the flux command has it.
  if (output === "yaml") cli.out(lines.map(([name, version]) => writeYaml({ [name]: version })).join(""));
  else cli.out(`${JSON.stringify(Object.fromEntries(lines.toSorted(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`);
}

type Lines = readonly (readonly [name: string, version: string])[];

async function inCluster(cli: Cli, settings: Awaited<ReturnType<Cli["settings"]>>): Promise<Lines> {
  const { cluster } = await cli.connect(settings);
  const info = await readClusterInfo(cluster);
  const deployments = await listDeployments(cluster, settings.namespace);
  if (deployments.length === 0) throw new Failure(`no deployments found in ${settings.namespace} namespace`);
  const images = deployments.flatMap(imagesOf).map(splitImage);
  const components = images.map(({ name, tag }) => [name === "sluice" ? "marker" : name, tag] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [...(info.installed && info.distribution !== "" ? [["distribution", info.distribution] as const] : []), ...components];
}
