import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import { fileProblem } from "../../file-problem.ts";
import { checkedClusterName, findRegion } from "../aws/find-region.ts";
import { type BootstrapFlags, commonOptions, type GitFlags, type GitHubFlags, gitHubRepository, gitRepository } from "../bootstrap/flags.ts";
import type { BootstrapOptions, Repository } from "../bootstrap/options.ts";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";

/** Flags of the `flux` command about controllers, of which there are none: taken, so that scripts work. */
const WITHOUT_MEANING = [
  "--components <strings>",
  "--components-extra <strings>",
  "--registry <string>",
  "--network-policy [boolean]",
  "--log-level <string>",
  "--cluster-domain <string>",
  "--toleration-keys <strings>",
  "--silent",
];

const ALL_NAMESPACES = "--watch-all-namespaces [boolean]";

/** Flags of the `flux` command for what is not there: refused, since what they ask for would not be done. */
const REFUSED: readonly (readonly [flag: string, why: string])[] = [
  ["--read-write-key [boolean]", "deploy keys are for ssh, which is not implemented; the token has the rights that it was given"],
  ["--private-key-file <string>", "ssh is not implemented: use https with a token"],
  ["--ssh-hostname <string>", "ssh is not implemented: use https with a token"],
  ["--team <strings>", "rights of teams are not set: give them at GitHub"],
  ["--image-pull-secret <string>", "no image is ever pulled"],
  ["--registry-creds <string>", "no image is ever pulled"],
  ["--gpg-key-ring <string>", "signed commits are not implemented"],
  ["--ssh-signing-key-file <string>", "signed commits are not implemented"],
  ["--recurse-submodules [boolean]", "submodules are not implemented"],
  ["--sparse-checkout <strings>", "sparse checkouts are not implemented"],
  [ALL_NAMESPACES, "Sluice looks after all namespaces"],
];

export function bootstrapCommand(cli: Cli): Command {
  const bootstrap = new Command("bootstrap")
    .summary("Set up a repository and a cluster the GitOps way")
    .description(
      "Commits the custom resources, the marker and the sync objects to a Git repository, applies them to the cluster, and has pushes heard of on AWS.",
    );
  bootstrap.addCommand(
    withCommon(gitHubCommand()).action(async (_: unknown, self: Command) => {
      const flags = flagsOf<GitHubFlags>(self);
      await run(cli, flags, () => gitHubRepository(flags, cli.access.gitHubToken));
    }),
  );
  bootstrap.addCommand(
    withCommon(gitCommand()).action(async (_: unknown, self: Command) => {
      const flags = flagsOf<GitFlags>(self);
      await run(cli, flags, () => gitRepository(flags, cli.access.gitPassword));
    }),
  );
  return bootstrap;
}

const gitHubCommand = (): Command =>
  new Command("github")
    .summary("Set up a cluster with a repository of GitHub, which is created if it is not there")
    .description("The token, GITHUB_TOKEN, needs the right to write contents and webhooks of the repository, and to create it if it is not there.")
    .option("--owner <string>", "GitHub user or organization name")
    .option("--repository <string>", "GitHub repository name")
    .option("--personal", "the owner is a GitHub user, not an organization")
    .option("--private [boolean]", "the repository is private (default true)")
    .option("--visibility <string>", "private, public, or internal to an enterprise")
    .option("--hostname <string>", 'GitHub hostname (default "github.com")')
    .option("--reconcile", "visibility and webhook are made as they are asked for, though both are there");

const gitCommand = (): Command =>
  new Command("git")
    .summary("Set up a cluster with a repository of any Git server, by https")
    .option("--url <string>", "Git repository URL")
    .option("-u, --username <string>", 'user name (default "git")')
    .option("-p, --password <string>", "password or token (default GIT_PASSWORD)")
    .option("--with-bearer-token", "the password is a bearer token")
    .option("--allow-insecure-http", "allow a URL without TLS");

function withCommon(command: Command): Command {
  command
    .option("--cluster <string>", "the name that the installation on AWS has for this cluster; without it nothing on AWS looks after it")
    .option("--region <string>", "AWS region of the installation (default that of the kubeconfig, then AWS_REGION)")
    .option("--branch <string>", 'Git branch (default "main")')
    .option("--path <string>", "path relative to the repository root; the cluster is kept as this folder says")
    .option("--interval <duration>", 'how often the repository is asked (default "1m")')
    .option("--secret-name <string>", "the Secret with the credentials (default the namespace)")
    .option("--token-auth [boolean]", "accepted for scripts: there is no other way")
    .option("--ca-file <string>", "a file with the certificate authority of the Git server")
    .option("--author-name <string>", 'author of the commit (default "Flux")')
    .option("--author-email <string>", "e-mail address of the author")
    .option("--commit-message-appendix <string>", "text to add to the commit message, e.g. '[ci skip]'")
    .option("-v, --version <string>", "the version of Flux that the definitions are labelled with")
    .option("--take-over", "replace the components of a repository that Flux was bootstrapped in")
    .option("--force", "override an installation that another tool manages")
    .option("--export", "print what would be done, and do nothing");
  for (const flag of [...WITHOUT_MEANING, ...REFUSED.map(([name]) => name)]) command.addOption(new Option(flag).hideHelp());
  return command.hook("preAction", (_, self) => refuse(self));
}

function refuse(command: Command): void {
  for (const [flag, why] of REFUSED) {
    const option = command.options.find(({ flags }) => flags === flag);
    const value: unknown = option === undefined ? undefined : command.getOptionValue(option.attributeName());
    if (value !== undefined && String(value) !== (flag === ALL_NAMESPACES ? "true" : "false"))
      throw new Failure(`${flag.split(" ")[0]} is not supported: ${why}`);
  }
}

async function run(cli: Cli, given: BootstrapFlags, repositoryOf: () => Repository): Promise<void> {
  // Here --cluster is the installation's name for the cluster: that of the kubeconfig is named by its context.
  const { cluster: clusterName, ...flags } = given;
  if (String(flags.tokenAuth ?? true) === "false") throw new Failure("--token-auth=false is not supported: ssh is not implemented");
  const settings = await cli.settings(flags);
  const common = commonOptions(flags);
  const repository = repositoryOf();
  const name = clusterName === undefined ? undefined : checkedClusterName(clusterName);
  const certificateAuthority = flags.caFile === undefined ? undefined : await readCertificate(resolve(cli.workingFolder, flags.caFile));
  const optionsIn = (session: Session | undefined): BootstrapOptions => ({
    ...common,
    repository,
    namespace: settings.namespace,
    secretName: flags.secretName ?? settings.namespace,
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(name !== undefined && { installation: { cluster: name, region: findRegion(cli, session, flags.region) } }),
  });
  if (flags.export === true) {
    // What is only printed needs no kubeconfig, unless it is the one to name the region.
    const session = name === undefined || flags.region !== undefined ? undefined : await cli.connect(settings);
    return (await import("../bootstrap/export.ts")).exportBootstrap(cli, optionsIn(session));
  }
  const session = await cli.connect(settings);
  return (await import("../bootstrap/run.ts")).bootstrap(cli, session, settings, optionsIn(session));
}

async function readCertificate(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Failure(`unable to read TLS CA file: ${fileProblem(file, error)}`);
  }
}
