import { installationProblem } from "../aws/installation-problem.ts";
import type { Cli } from "../cli.ts";
import { bootstrapFiles } from "./files.ts";
import type { BootstrapOptions } from "./options.ts";
import { secretEntries } from "./source-secret.ts";

/** What a bootstrap would do, as YAML with comments, to stdout; nothing is done, and neither the repository nor the cluster is asked. */
export async function exportBootstrap(cli: Cli, options: BootstrapOptions): Promise<void> {
  const { branch, repository, namespace, secretName } = options;
  const files = bootstrapFiles(options, new Map());
  const parts = [...files].map(([path, text]) => `# File ${path}, on branch ${branch} of ${repository.url}\n${text}`);
  const secret = `# Secret ${namespace}/${secretName}, with ${Object.keys(secretEntries(options)).join(" and ")}\n`;
  cli.out(parts.join("---\n") + secret + (await webhookLine(cli, options)));
}

async function webhookLine(cli: Cli, { installation, repository }: BootstrapOptions): Promise<string> {
  if (installation === undefined) return "# No webhook: no --cluster names an installation on AWS\n";
  const answer = await (await cli.aws(installation.region)).readInstallation(installation.cluster);
  const where = repository.kind === "github" ? `of ${repository.owner}/${repository.name}` : "for you to add";
  if (answer.kind !== "found") return `# Webhook ${where}, with a URL that is not known here: ${installationProblem(answer, installation)}\n`;
  const { webhookUrl, webhookSecret } = answer.installation;
  return `# Webhook ${where}: ${webhookUrl}, content type json, push events, secret out of ${webhookSecret ?? "the installation"}\n`;
}
