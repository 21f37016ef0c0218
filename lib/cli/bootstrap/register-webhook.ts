import type { Secret } from "@sluice/engine/domain/secret.ts";
import type { GitHubAdministration, Webhook } from "@sluice/platform/github/administration.ts";
import type { Installation } from "@sluice/platform/ssm/installation.ts";
import type { Aws } from "../aws/aws.ts";
import type { Cli } from "../cli.ts";
import type { GitHubRepository } from "./options.ts";

const EVENTS = ["push"];

/**
 * GitHub tells the installation of pushes when this ends: one webhook with our URL, made or put right. Where that cannot be, pushes are found by
 * the sweep, at the interval of their source: a warning with what a person has to do, and no end of the bootstrap.
 */
export async function registerWebhook(
  cli: Cli,
  gitHub: GitHubAdministration,
  aws: Aws,
  installation: Installation,
  repository: GitHubRepository,
): Promise<void> {
  const { owner, name } = repository;
  const { webhookUrl } = installation;
  cli.say.action(`registering webhook ${webhookUrl}`);
  const listed = await gitHub.webhooks(owner, name);
  if (listed.kind === "failed") return warn(cli, installation, `cannot see the webhooks of ${owner}/${name}: ${listed.message}`);
  const known = listed.webhooks.find(({ url }) => isSameUrl(url, webhookUrl));
  if (known !== undefined && isRight(known) && !repository.reconcile) return cli.say.success("webhook up to date");
  const secret = await readSecret(aws, installation);
  if (typeof secret === "string") return warn(cli, installation, secret);
  // Whatever else somebody has this webhook told of is left to it.
  const events = [...new Set([...EVENTS, ...(known?.events ?? [])])];
  const written = await gitHub.writeWebhook(owner, name, { url: webhookUrl, events, secret }, known?.id);
  if (written.kind === "failed") return warn(cli, installation, `cannot register the webhook at ${owner}/${name}: ${written.message}`);
  cli.say.success(known === undefined ? "webhook registered" : "webhook updated");
}

const isRight = ({ active, contentType, events, hasSecret, verifiesTls }: Webhook): boolean =>
  active && contentType === "json" && hasSecret && verifiesTls && (events.includes("push") || events.includes("*"));

export const isSameUrl = (a: string, b: string): boolean => URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;

async function readSecret(aws: Aws, { webhookSecret }: Installation): Promise<Secret | string> {
  if (webhookSecret === undefined) return "the installation does not say where its webhook secret is";
  const answer = await aws.readSecret(webhookSecret);
  return answer.kind === "read" ? answer.secret : `cannot read the webhook secret: ${answer.message}`;
}

function warn(cli: Cli, installation: Installation, why: string): void {
  cli.say.warning(why);
  sayByHand(cli, installation);
}

/** What somebody sets up at a server that bootstrap cannot, or may not. */
export function sayByHand(cli: Cli, { webhookUrl, webhookSecret }: Installation): void {
  cli.say.warning(
    `no webhook was registered: add one with URL ${webhookUrl}, content type application/json, push events and the secret ${webhookSecret ?? "of the installation"}; until then pushes are found at the interval of the GitRepository`,
  );
}
