import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { Command } from "commander";
import { type BuildFlags, withBuildFlags } from "../build/flags.ts";
import type { Cli, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";

type Flags = BuildFlags & { readonly dryRun?: boolean };

export function buildCommand(cli: Cli): Command {
  const build = new Command("build").summary("Build what a Kustomization would apply");
  return build.addCommand(
    withBuildFlags(new Command("kustomization").aliases(["ks", "kustomizations"]).summary("Build a Kustomization out of a local folder"))
      .option("--dry-run", "build without a cluster; variables out of Secrets and ConfigMaps are left out")
      .action(async (names: string[], _: unknown, self: Command) => buildOne(cli, names[0], flagsOf<Flags>(self))),
  );
}

async function buildOne(cli: Cli, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("kustomization name is required");
  const { checkedPath } = await import("../build/flags.ts");
  const path = await checkedPath(flags, cli.workingFolder, 1);
  if (flags.dryRun === true && flags.kustomizationFile === undefined) throw new Failure("dry-run mode requires a kustomization file");
  const { writeYaml } = await import("@sluice/engine/build/yaml/write.ts");
  const manifests = await manifestsOf(cli, settings, name, path, flags);
  cli.out(manifests.map((manifest) => `${writeYaml(jsonOf(manifest))}---\n`).join(""));
}

async function manifestsOf(cli: Cli, settings: Settings, name: string, path: string, flags: Flags): Promise<readonly Manifest[]> {
  const { findKustomization } = await import("../build/find-kustomization.ts");
  const { createLocalBuilder } = await import("../build/local-builder.ts");
  const cluster = flags.dryRun === true ? {} : { cluster: (await cli.connect(settings)).cluster };
  const { namespace } = settings;
  const file = flags.kustomizationFile === undefined ? {} : { file: flags.kustomizationFile };
  const kustomization = await findKustomization({ name, namespace, mayBeNew: false, workingFolder: cli.workingFolder, ...file, ...cluster });
  const builder = createLocalBuilder({ ...cluster, workingFolder: cli.workingFolder, flags });
  return flags.recursive === true ? builder.buildAll(kustomization, path) : builder.build(kustomization, path);
}
