import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { apiVersionOfKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { type Installation, parameterNameOf } from "@sluice/platform/ssm/installation.ts";
import { isSameUrl } from "../bootstrap/register-webhook.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { textAt } from "../fields.ts";
import type { Aws } from "./aws.ts";
import { installationProblem } from "./installation-problem.ts";
import { findInstallation } from "./marker.ts";

/** Whether what looks after the cluster from AWS can be reached, and hears of pushes. True also where nothing on AWS does. */
export async function checkInstallation(cli: Cli, session: Session, settings: Settings): Promise<boolean> {
  const on = await findInstallation(session.cluster, settings.namespace);
  if (on === undefined) return true;
  cli.say.action("checking installation on AWS");
  const aws = await cli.aws(on.region);
  const answer = await aws.readInstallation(on.cluster);
  if (answer.kind !== "found") {
    cli.say.failure(installationProblem(answer, on));
    return false;
  }
  const { installation } = answer;
  cli.say.success(`${parameterNameOf(on.cluster)}: Sluice ${installation.version} in ${on.region}`);
  const areReachable = await checkQueues(cli, aws, installation);
  const isHeard = await checkWebhook(cli, session, settings, installation);
  return areReachable && isHeard;
}

async function checkQueues(cli: Cli, aws: Aws, { queues }: Installation): Promise<boolean> {
  let areReachable = true;
  for (const [name, url] of Object.entries(queues)) {
    const answer = await aws.countWaiting(url);
    if (answer.kind === "counted") cli.say.success(`queue ${name}: ${answer.messages} waiting`);
    else cli.say.failure(`queue ${name}: ${answer.message}`);
    areReachable &&= answer.kind === "counted";
  }
  return areReachable;
}

/** Of the repository that keeps the cluster; the webhooks of others are their owners'. What cannot be seen is no failure. */
async function checkWebhook(cli: Cli, { cluster }: Session, settings: Settings, { webhookUrl }: Installation): Promise<boolean> {
  const { namespace } = settings;
  const source = await cluster.get({ apiVersion: apiVersionOfKind(KINDS.GitRepository), kind: KINDS.GitRepository.kind, namespace, name: namespace });
  const repository = source.kind === "found" ? repositoryOf(source.object) : undefined;
  const unseen = (why: string): true => {
    cli.say.action(`webhook ${webhookUrl}: not checked, ${why}`);
    return true;
  };
  if (repository === undefined) return unseen(`no GitRepository ${namespace}/${namespace} of github.com names a repository`);
  const token = cli.access.gitHubToken;
  if (token === undefined) return unseen("GITHUB_TOKEN is not set");
  const gitHub = (await cli.remotes()).gitHub({ hostname: "github.com", token, timeout: settings.timeout });
  const listed = await gitHub.webhooks(repository.owner, repository.name);
  if (listed.kind === "failed") return unseen(listed.message);
  const isThere = listed.webhooks.some(({ url, active }) => active && isSameUrl(url, webhookUrl));
  if (isThere) cli.say.success(`webhook ${webhookUrl}: registered at ${repository.owner}/${repository.name}`);
  else cli.say.failure(`webhook ${webhookUrl}: not registered at ${repository.owner}/${repository.name}`);
  return isThere;
}

function repositoryOf(source: Manifest): { readonly owner: string; readonly name: string } | undefined {
  const url = textAt(source, "spec", "url");
  const [, owner, name] = /^(?:https:\/\/|ssh:\/\/git@)github\.com\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url) ?? [];
  return owner === undefined || name === undefined ? undefined : { owner, name };
}
