/** Which messages of a batch are done with, and which come back when their visibility timeout has passed. */
export type BatchVerdict = { readonly done: readonly string[]; readonly failed: readonly string[] };

/**
 * What an event source mapping makes of a function's answer, with `ReportBatchItemFailures` or without.
 * No answer, an empty object, an empty or null list: all are done. A list that names what is not in the batch, or in another shape: all failed.
 * Source: Lambda, "Handling errors for an SQS event source", success and failure conditions.
 */
export function judgeBatch(payload: string, batch: readonly string[], reportsFailures: boolean): BatchVerdict {
  const failed = reportsFailures ? failedOf(payload, batch) : [];
  return { done: batch.filter((id) => !failed.includes(id)), failed };
}

function failedOf(payload: string, batch: readonly string[]): readonly string[] {
  const answer = parse(payload);
  if (answer === undefined) return batch;
  const list = typeof answer.value === "object" && answer.value !== null ? field(answer.value, "batchItemFailures") : undefined;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return batch;
  const entries: readonly unknown[] = list;
  const failed: string[] = [];
  for (const entry of entries) {
    const id = typeof entry === "object" && entry !== null ? field(entry, "itemIdentifier") : undefined;
    if (typeof id !== "string" || !batch.includes(id)) return batch;
    failed.push(id);
  }
  return batch.filter((id) => failed.includes(id));
}

const field = (value: object, name: string): unknown => Object.entries(value).find(([key]) => key === name)?.[1];

function parse(payload: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(payload) };
  } catch {
    // Invalid JSON is one of the conditions under which the whole batch has failed.
    return undefined;
  }
}
