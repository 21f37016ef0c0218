import { AwsProblem } from "../answer.ts";
import { type Input, maybeText } from "../input.ts";

const problem = (code: string, message: string): AwsProblem => new AwsProblem(code, message, { queryCode: `AWS.SimpleQueueService.${code}` });

/**
 * Each entry of a batch stands alone: one that is refused is listed as failed and the others are done.
 * What `measure` throws as BatchRequestTooLong, and a batch that is none, refuses all of it.
 * Source: SQS API, SendMessageBatch: 1 to 10 entries with distinct ids of up to 80 characters.
 */
export function runBatch(entries: readonly Input[], measure: (entry: Input) => void, act: (entry: Input) => object): object {
  checkEntries(entries);
  const failures = new Map<string, object>();
  const attempt = <T>(id: string, run: () => T): T | undefined => {
    try {
      return run();
    } catch (thrown) {
      if (!(thrown instanceof AwsProblem) || thrown.code === "BatchRequestTooLong") throw thrown;
      failures.set(id, { Id: id, Code: thrown.queryCode ?? thrown.code, Message: thrown.message, SenderFault: thrown.status < 500 });
      return undefined;
    }
  };
  for (const entry of entries) attempt(idOf(entry), () => measure(entry));
  const done = entries
    .filter((entry) => !failures.has(idOf(entry)))
    .flatMap((entry) => {
      const result = attempt(idOf(entry), () => act(entry));
      return result === undefined ? [] : [{ Id: idOf(entry), ...result }];
    });
  return { Successful: done, Failed: failures.size === 0 ? undefined : [...failures.values()] };
}

const idOf = (entry: Input): string => maybeText(entry, "Id") ?? "";

function checkEntries(entries: readonly Input[]): void {
  if (entries.length === 0) throw problem("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10) throw problem("TooManyEntriesInBatchRequest", `Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  const ids = entries.map(idOf);
  const wrong = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (wrong !== undefined)
    throw problem(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    );
  if (new Set(ids).size < ids.length) throw problem("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
}
