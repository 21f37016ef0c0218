import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import { checkReleaseFlags, type ReleaseFlags, withReleaseFlags } from "../helm/release-flags.ts";

type Flags = ReleaseFlags & { readonly includeCrds?: boolean; readonly hooks?: boolean; readonly showNotes?: boolean; readonly showSecrets?: boolean };

/** As `helm template`, with what a HelmRelease says and what the cluster answers. */
export function templateCommand(cli: Cli): Command {
  const template = new Command("template").summary("Render what a HelmRelease would install");
  return template.addCommand(
    withReleaseFlags(new Command("helmrelease").aliases(["hr", "helmreleases"]).summary("Render the chart of a HelmRelease with its values, for the cluster"))
      .option("--include-crds", "print what is in the chart's crds folder, too")
      .option("--no-hooks", "leave out hooks")
      .option("--show-notes", "print the notes of the chart behind the manifests")
      .option("--show-secrets", "print the values of Secrets, which are masked else")
      .action(async (names: string[], _: unknown, self: Command) => templateOne(cli, names[0], flagsOf<Flags>(self))),
  );
}

async function templateOne(cli: Cli, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("helmrelease name is required");
  await checkReleaseFlags(flags, cli.workingFolder);
  const { renderNext } = await import("../helm/render-release.ts");
  const { renderTemplate } = await import("../render/template.ts");
  const { rendered } = await renderNext(cli, await cli.connect(settings), settings, name, flags);
  cli.out(renderTemplate(rendered, { crds: flags.includeCrds === true, hooks: flags.hooks !== false, secrets: flags.showSecrets === true }));
  if (flags.showNotes === true && rendered.notes !== "") cli.out(`---\nNOTES:\n${rendered.notes.trimEnd()}\n`);
}
