import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { apiVersionOfKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf, REQUESTED_AT } from "@sluice/engine/flux/object.ts";
import type { Installation } from "@sluice/platform/ssm/installation.ts";
import type { Aws } from "../aws/aws.ts";
import type { Cli, Session } from "../cli.ts";
import { textAt } from "../fields.ts";
import { mergePatch } from "../merge-patch.ts";
import { readObject } from "../read-object.ts";
import { rfc3339Nano } from "../rfc3339-nano.ts";
import type { BootstrapOptions } from "./options.ts";

const { group, kind } = KINDS.GitRepository;

export type Installed = { readonly aws: Aws; readonly installation: Installation };

/**
 * Has the source looked at now, not at the next sweep, unless it is at `revision` already. One that failed is asked by annotation too: whether its
 * failure is an old one shows only by that. Says with which value.
 */
export async function askForSync(
  cli: Cli,
  { cluster }: Session,
  options: BootstrapOptions,
  revision: string,
  installed: Installed | undefined,
): Promise<string | undefined> {
  const { namespace } = options;
  const ref = { apiVersion: apiVersionOfKind(KINDS.GitRepository), kind, namespace, name: namespace };
  const source = await readObject(cluster, ref);
  if (isReadyAt(source, revision)) return undefined;
  const requested = rfc3339Nano(cli.clock.now());
  const hasFailed = readyStatus(source) === "False";
  if (hasFailed) await mergePatch(cluster, ref, { metadata: { annotations: { [REQUESTED_AT]: requested } } });
  if (installed !== undefined && options.installation !== undefined) {
    const key = { cluster: options.installation.cluster, group, kind, namespace, name: namespace };
    const sent = await installed.aws.send(installed.installation, { kind: "object", key, cause: "bootstrap", look: requested });
    if (sent.kind === "trouble") cli.say.warning(`cannot reach the queue (${sent.message}): the next sweep takes it, within a minute`);
  }
  return hasFailed ? requested : undefined;
}

const readyStatus = (object: Manifest): string | undefined => conditionsOf(object).find(({ type }) => type === "Ready")?.status;
const isReadyAt = (object: Manifest, revision: string): boolean =>
  readyStatus(object) === "True" && textAt(object, "status", "artifact", "revision") === revision;
