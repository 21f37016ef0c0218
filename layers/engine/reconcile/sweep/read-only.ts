import { type ObjectRef, refOf, subjectOf } from "../../domain/manifest.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { GitRemote } from "../../ports/git-remote.ts";
import type { Log } from "../../ports/log.ts";
import type { OpenArtifacts } from "../kustomization/open-artifacts.ts";
import type { PassDeps } from "../passes/pass.ts";
import type { Reads } from "./shared-reads.ts";

/** Of these every look gets an `openArtifacts` and a `queue` of its own. */
export type LookDeps = Omit<PassDeps, "openArtifacts" | "queue">;

/**
 * Thrown by whatever a look may not do: the pass that wanted it has found work, and that is all that a sweep wants to know. An exception, since a pass has
 * many places where it would begin to act, and each of them would have to hand "I would now" on to its caller; nothing in between could do anything
 * about it. It is caught in one place, `look`, and nowhere in the engine is an exception of a port turned into a value.
 */
export class Wanted extends Error {
  override readonly name = "Wanted";
  /** `dry-run ConfigMap/apps/a`. */
  readonly what: string;

  constructor(what: string) {
    super(`a look may not: ${what}`);
    this.what = what;
  }
}

export type LookOptions = {
  /** The render of this object is kept nowhere, since values of Secrets are in it: it is built in the look, or each of its turns would be sent. */
  readonly builds: OpenArtifacts | undefined;
};

/**
 * `deps` that read, and cannot write: neither objects nor status, events, artifacts or renders, nor ask the server what a write would do, nor fetch a
 * repository or a chart, nor send anybody.
 *
 * A look goes by the rights of the sweep itself, whomever the object names: it may only read, nobody is shown what it sees, and all that comes of it is that the
 * function looks, which does go by the rights of that account. To impersonate, the sweep would need the right to be anybody. What a look cannot see for that:
 * that the account has lost rights that nothing has needed since; the next change, or the daily question about every object, shows it.
 */
export function readOnly({ receiverIndex: _, ...deps }: LookDeps, reads: Reads, { builds }: LookOptions): PassDeps {
  const cluster = readOnlyCluster(reads);
  return {
    ...deps,
    cluster,
    as: () => cluster,
    git: { open: (target) => readOnlyRemote(deps.git.open(target)) },
    charts: {
      // With what is known of it, it is a question whether there is news; without, an index of many megabytes, which is read by its function.
      index: (target, known) => (known === undefined ? want("fetch an index") : deps.charts.index(target, known)),
      tags: deps.charts.tags,
      chart: (_, url) => want(`fetch ${url}`),
      pull: (_, reference) => want(`pull ${reference}`),
    },
    indexes: { recall: deps.indexes.recall, remember: async () => {} },
    artifacts: { has: deps.artifacts.has, get: () => want("read an artifact"), put: () => want("store an artifact") },
    openArtifacts: {
      open: async (digest) => {
        if (!(await deps.artifacts.has(digest))) return { kind: "vanished" };
        return builds === undefined ? want("build") : builds.open(digest);
      },
    },
    // What a pass would remember beside finding nothing to do saves a later one a question, and no more.
    renders: { recall: deps.renders.recall, remember: async () => {} },
    events: { emit: ({ reason }) => want(`say ${reason}`) },
    queue: { send: (item) => want(item.kind === "object" ? `send ${item.key.kind}/${item.key.name}` : `send a ${item.kind}`) },
    randomBytes: (count) => {
      throw new Wanted(`draw ${count} bytes`);
    },
    log: quiet(deps.log),
  };
}

const want = async (what: string): Promise<never> => {
  throw new Wanted(what);
};

const readOnlyCluster = ({ get, list }: Reads): Cluster => ({
  get,
  list,
  apply: (manifest, { dryRun }) => want(`${dryRun ? "dry-run" : "apply"} ${subjectOf(refOf(manifest))}`),
  create: (manifest) => want(`create ${subjectOf(refOf(manifest))}`),
  replace: (manifest) => want(`replace ${subjectOf(refOf(manifest))}`),
  patch: (ref: ObjectRef, { subresource }) => want(`patch ${subresource === undefined ? "" : `${subresource} of `}${subjectOf(ref)}`),
  delete: (ref) => want(`delete ${subjectOf(ref)}`),
});

const readOnlyRemote = ({ resolve, tags }: GitRemote): GitRemote => ({ resolve, tags, fetch: (commit) => want(`fetch ${commit}`) });

/** A look is no pass: the log has a line for what is sent, and none for what is at rest. */
const quiet = ({ error }: Log): Log => ({ info: () => {}, error });
