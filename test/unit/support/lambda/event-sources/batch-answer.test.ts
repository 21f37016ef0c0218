import { expect, it } from "vitest";
import { judgeBatch } from "../../../../support/lambda/event-sources/batch-answer.ts";

const batch = ["a", "b", "c"];

it.each<{ payload: string; failed: readonly string[] }>([
  { payload: '{"batchItemFailures":[]}', failed: [] },
  { payload: '{"batchItemFailures":null}', failed: [] },
  { payload: "{}", failed: [] },
  { payload: "null", failed: [] },
  { payload: '""', failed: [] },
  { payload: '{"batchItemFailures":[{"itemIdentifier":"b"}]}', failed: ["b"] },
  { payload: '{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"b"},{"itemIdentifier":"c"}]}', failed: ["b", "c"] },
  { payload: '{"batchItemFailures":[{"itemIdentifier":""}]}', failed: batch },
  { payload: '{"batchItemFailures":[{"itemIdentifier":null}]}', failed: batch },
  { payload: '{"batchItemFailures":[{"itemidentifier":"b"}]}', failed: batch },
  { payload: '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"of another batch"}]}', failed: batch },
  { payload: '{"batchItemFailures":["b"]}', failed: batch },
  { payload: '{"batchItemFailures":"b"}', failed: batch },
  { payload: "{", failed: batch },
])("$payload", ({ payload, failed }) => {
  expect(judgeBatch(payload, batch, true)).toEqual({ failed, done: batch.filter((id) => !failed.includes(id)) });
});

it("without ReportBatchItemFailures an answer, whatever it says, is the end of the batch", () => {
  expect(judgeBatch('{"batchItemFailures":[{"itemIdentifier":"b"}]}', batch, false)).toEqual({ failed: [], done: batch });
});
