import type { ObjectKey } from "@sluice/engine/domain/object-key.ts";
import type { Installation } from "@sluice/platform/ssm/installation.ts";
import type { Cli, Session } from "../cli.ts";
import type { Aws } from "./aws.ts";
import { installationProblem } from "./installation-problem.ts";
import { findInstallation, type InstalledOn } from "./marker.ts";

/**
 * Tells the queue of what an object asks for already, by an annotation or a new generation, so that it is acted on now; `look` is that request's own. Where no installation on AWS looks after the
 * cluster there is nobody to tell; where it cannot be told, the next sweep finds the annotation, and that is said.
 */
export type AskQueue = (object: Omit<ObjectKey, "cluster">, look: string) => Promise<void>;

type Reached = { readonly on: InstalledOn; readonly aws: Aws; readonly installation: Installation };

/** The installation is looked for once, whatever is asked for: a source and what applies from it are one command. */
export function createAskQueue(cli: Cli, session: Session, namespace: string): AskQueue {
  let reached: Promise<Reached | undefined> | undefined;
  return async (object, look) => {
    reached ??= reach(cli, session, namespace);
    const found = await reached;
    if (found === undefined) return;
    const key = { ...object, cluster: found.on.cluster };
    const sent = await found.aws.send(found.installation, { kind: "object", key, cause: "request", look });
    if (sent.kind === "trouble") sayLater(cli, `cannot reach the queue: ${sent.message}`);
  };
}

async function reach(cli: Cli, { cluster }: Session, namespace: string): Promise<Reached | undefined> {
  const on = await findInstallation(cluster, namespace);
  if (on === undefined) return undefined;
  const aws = await cli.aws(on.region);
  const answer = await aws.readInstallation(on.cluster);
  if (answer.kind === "found") return { on, aws, installation: answer.installation };
  sayLater(cli, installationProblem(answer, on));
  return undefined;
}

const sayLater = (cli: Cli, why: string): void => cli.say.warning(`${why}; the next sweep takes the request, within a minute`);
