import type { Condition } from "@sluice/engine/domain/condition.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { apiVersionOfKind, type FluxKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf, handledRequestOf } from "@sluice/engine/flux/object.ts";
import { waitForMarker } from "../apply-installation.ts";
import type { Cli, Session, Settings } from "../cli.ts";
import { Failure } from "../failure.ts";
import { numberAt, textAt, valueAt } from "../fields.ts";
import { poll } from "../poll.ts";
import { readObject } from "../read-object.ts";

export type Awaited = {
  readonly namespace: string;
  /** `main@sha1:…` */
  readonly revision: string;
  /** What the GitRepository was asked for again, since it had failed before: an older failure does not count. */
  readonly requested?: string;
};

type Kind = { readonly facts: FluxKind; readonly revisionAt: readonly string[] };

const SOURCE: Kind = { facts: KINDS.GitRepository, revisionAt: ["status", "artifact", "revision"] };
const APPLIER: Kind = { facts: KINDS.Kustomization, revisionAt: ["status", "lastAttemptedRevision"] };

/** Waits until what was pushed is applied; every failure is told, and all of them at the end. Source: flux2 pkg/bootstrap, Run and Report…Health. */
export async function waitForSync(cli: Cli, session: Session, settings: Settings, awaited: Awaited): Promise<void> {
  const problems: string[] = [];
  for (const kind of [SOURCE, APPLIER]) problems.push(...(await waitFor(cli, session, settings, kind, awaited)));
  cli.say.action("confirming components are healthy");
  if (await waitForMarker(cli, session, { ...settings, namespace: awaited.namespace })) {
    cli.say.success("sluice: deployment ready");
    cli.say.success("all components are healthy");
  } else {
    cli.say.failure("sluice: deployment not ready");
    problems.push("timeout waiting for: [Deployment/sluice]");
  }
  if (problems.length === 0) return;
  const list = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
  throw new Failure(`bootstrap failed with ${problems.length} health check failure(s): ${list}`);
}

async function waitFor(cli: Cli, { cluster }: Session, settings: Settings, kind: Kind, awaited: Awaited): Promise<readonly string[]> {
  const { facts } = kind;
  const { namespace } = awaited;
  cli.say.waiting(`waiting for ${facts.kind} ${JSON.stringify(`${namespace}/${namespace}`)} to be reconciled`);
  let seen: Manifest | undefined;
  try {
    await poll(cli, settings, async () => {
      seen = await readObject(cluster, { apiVersion: apiVersionOfKind(facts), kind: facts.kind, namespace, name: namespace });
      return isReconciled(seen, kind, awaited) ? true : undefined;
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const ready = seen === undefined ? undefined : readyOf(seen);
    const isOver = error.message === "context deadline exceeded";
    const why =
      isOver && ready !== undefined && ready.status !== "True"
        ? `${facts.kind.toLowerCase()} '${namespace}/${namespace}' not ready: '${ready.message}'`
        : error.message;
    cli.say.failure(why);
    return [`error while waiting for ${facts.kind} to be ready: '${why}'`];
  }
  cli.say.success(`${facts.kind} reconciled successfully`);
  return [];
}

/** Throws a Failure for what will not become better by waiting. */
function isReconciled(object: Manifest, kind: Kind, { namespace, revision, requested }: Awaited): boolean {
  if (valueAt(object, "spec", "suspend") === true) throw new Failure(`${kind.facts.kind} '${namespace}/${namespace}' is suspended`);
  if (numberAt(object, "status", "observedGeneration") !== (object.metadata.generation ?? 0)) return false;
  const ready = readyOf(object);
  const isAtRevision = textAt(object, ...kind.revisionAt) === revision;
  if (ready?.status === "True") return isAtRevision;
  // A failure at another revision, or from before somebody asked again, is an old one.
  const isOld = kind === APPLIER ? !isAtRevision : requested !== undefined && handledRequestOf(object) !== requested;
  if (ready?.status === "False" && !isOld) throw new Failure(ready.message);
  return false;
}

const readyOf = (object: Manifest): Condition | undefined => conditionsOf(object).find(({ type }) => type === "Ready");
