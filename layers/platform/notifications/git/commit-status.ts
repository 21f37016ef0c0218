import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { reasonWords } from "../message/reason-words.ts";
import { commitIn } from "./revision.ts";

/** Progressing events become pending statuses on the Providers with it; Flux sends them for gitea only. */
const COMMIT_STATUS_ANNOTATION = "sluice.dev/commit-status";
/** Where the status leads to. */
const TARGET_URL_ANNOTATION = "sluice.dev/target-url";

/** What every git server can say about a commit; each has its own words for it. */
export type Stage = "pending" | "success" | "failure";

export type CommitStatus = {
  readonly stage: Stage;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** The status' key: two of the same id on a commit are one that changed. */
  readonly id: string;
  /** `kustomization/backend`. */
  readonly name: string;
  /** `reconciliation succeeded`. */
  readonly description: string;
  /** http or https; the annotation's. */
  readonly targetUrl?: string;
};

/** What is wrong with the Provider, whatever the event says. */
export function annotationProblem({ annotations }: ProviderSettings): string | undefined {
  const pending = annotations[COMMIT_STATUS_ANNOTATION];
  if (pending !== undefined && pending !== "pending")
    return `invalid annotation ${COMMIT_STATUS_ANNOTATION}: expected "pending", got ${JSON.stringify(pending)}`;
  const target = parseTargetUrl(annotations[TARGET_URL_ANNOTATION]);
  return target.ok ? undefined : target.problem;
}

export const sendsPending = ({ annotations }: ProviderSettings): boolean => annotations[COMMIT_STATUS_ANNOTATION] === "pending";

export type StatusWords = {
  /** What is said of a severity that is neither info nor error. */
  readonly unknownSeverity: string;
  /** What is said before the problem of a revision that names no commit. */
  readonly unknownRevision?: string;
};

/** The status that an event asks for. Pending ones are everybody's own choice: ask `sendsPending`. */
export function commitStatusOf({ event, provider }: Notification, { unknownSeverity, unknownRevision }: StatusWords): Result<CommitStatus> {
  const commit = commitIn(event.metadata, unknownRevision);
  if (!commit.ok) return commit;
  const stage = stageOf(event);
  if (stage === undefined) return problem(unknownSeverity);
  const target = parseTargetUrl(provider.annotations[TARGET_URL_ANNOTATION]);
  if (!target.ok) return target;
  const { kind, name } = event.involvedObject;
  return ok({
    stage,
    commit: commit.value,
    id: provider.statusId,
    name: `${kind}/${name}`.toLowerCase(),
    description: reasonWords(event.reason),
    ...(target.value !== undefined && { targetUrl: target.value }),
  });
}

export const isProgressing = ({ reason }: Notification["event"]): boolean => reason === "Progressing";

/**
 * A pending status that came late, because its delivery was tried again: the commit has had its end since. `endedAt`: when the status that is there was written.
 * Without this, a commit could stay pending for good. Within one second the end counts as the later of the two: what is pending has its end before it.
 */
export function isOvertaken({ stage }: CommitStatus, { timestamp }: Notification["event"], endedAt: EpochMs | undefined): boolean {
  const happened = parseTime(timestamp);
  return stage === "pending" && endedAt !== undefined && happened !== undefined && endedAt >= happened;
}

function stageOf(event: Notification["event"]): Stage | undefined {
  if (isProgressing(event)) return "pending";
  switch (event.severity) {
    case "info":
      return "success";
    case "error":
      return "failure";
    case "trace":
      return undefined;
  }
}

/** Git servers make a link of it: a scheme that runs something must not get there. */
function parseTargetUrl(text: string | undefined): Result<string | undefined> {
  if (text === undefined) return ok(undefined);
  if (/^https?:\/\/[^/\s]\S*$/i.test(text) && URL.canParse(text)) return ok(text);
  return problem(`invalid annotation ${TARGET_URL_ANNOTATION}: expected an http or https URL, got ${JSON.stringify(text)}`);
}
