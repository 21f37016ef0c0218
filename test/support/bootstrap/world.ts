import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { ObjectItem } from "@sluice/engine/domain/work-item.ts";
import { openBranch } from "@sluice/platform/git/branch.ts";
import { createGitHubAdministration } from "@sluice/platform/github/administration.ts";
import { createHttp } from "@sluice/platform/http/http.ts";
import type { Installation } from "@sluice/platform/ssm/installation.ts";
import type { Aws } from "../../../lib/cli/aws/aws.ts";
import type { Remotes } from "../../../lib/cli/bootstrap/remotes.ts";
import { createMemoryCli, type MemoryCli, type MemoryCliOptions } from "../cli/memory-cli.ts";
import type { GitHubServer } from "../github/github-server.ts";

export const INSTALLATION: Installation = {
  region: "eu-central-1",
  queues: { source: "https://sqs/source.fifo", apply: "https://sqs/apply.fifo" },
  logGroups: ["/aws/lambda/sluice-source", "/aws/lambda/sluice-apply"],
  webhookUrl: "https://hooks.example.com/github",
  webhookSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sluice-webhook",
  version: "0.1.0",
};
export const HOOK_SECRET = "hook-canary-0123456789";

export type TestAws = { readonly aws: Aws; readonly sent: ObjectItem[] };

/** An installation that answers, with what the test changes of it. */
export function createTestAws(changes: Partial<Aws> = {}): TestAws {
  const sent: ObjectItem[] = [];
  const aws: Aws = {
    readInstallation: async (cluster) => (cluster === "prod" ? { kind: "found", installation: INSTALLATION } : { kind: "absent" }),
    send: async (_, item) => {
      sent.push(item);
      return { kind: "sent" };
    },
    countWaiting: async () => ({ kind: "counted", messages: 0 }),
    readArtifact: async () => ({ kind: "absent" }),
    readSecret: async () => ({ kind: "read", secret: secret(HOOK_SECRET) }),
    readLines: async () => ({ kind: "lines", lines: [] }),
    ...changes,
  };
  return { aws, sent };
}

/** What stands at the branch, as far as the command line has seen it. */
type Head = { commit?: string };

/** GitHub and any other server, both on the stand-in. */
function remotesOf(server: GitHubServer, head: Head): Remotes {
  const http = createHttp();
  const open: Remotes["branch"] = (target, branch) => openBranch({ http, branch, target: { ...target, url: `${server.url}${new URL(target.url).pathname}` } });
  return {
    gitHub: ({ hostname: _, ...options }) => createGitHubAdministration({ http, api: `${server.url}/api/v3`, now: () => 0, ...options }),
    branch: (target, branch) => {
      const { read, commit } = open(target, branch);
      return {
        read: async () => {
          const state = await read();
          if (state.kind === "found") head.commit = state.head;
          return state;
        },
        commit: async (base, change) => {
          const pushed = await commit(base, change);
          if (pushed.kind === "pushed") head.commit = pushed.commit;
          return pushed;
        },
      };
    },
  };
}

/** An engine that finds whatever was pushed last, and applies it. */
export const engineAt =
  (head: Head) =>
  (object: Manifest): Manifest => {
    const revision = `main@sha1:${head.commit}`;
    const generation = object.metadata.generation ?? 1;
    const requested = object.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
    const ready = { type: "Ready", status: "True", reason: "Succeeded", message: "ready", observedGeneration: generation };
    const common: JsonObject = { observedGeneration: generation, conditions: [ready], ...(requested !== undefined && { lastHandledReconcileAt: requested }) };
    if (object.kind === "GitRepository") return { ...object, status: { ...common, artifact: { revision } } };
    if (object.kind === "Kustomization") return { ...object, status: { ...common, lastAttemptedRevision: revision, lastAppliedRevision: revision } };
    return object;
  };

export type World = MemoryCli & TestAws & { readonly head: Head };

export function createWorld(server: GitHubServer, options: Partial<MemoryCliOptions> = {}, changes: Partial<Aws> = {}): World {
  const { aws, sent } = createTestAws(changes);
  const head: Head = {};
  const cli = createMemoryCli({
    objects: [],
    engine: engineAt(head),
    remotes: remotesOf(server, head),
    aws: () => aws,
    ...options,
    environment: { gitHubToken: secret(server.token), gitPassword: secret(server.token), awsRegion: "eu-central-1", ...options.environment },
  });
  return { ...cli, aws, sent, head };
}
