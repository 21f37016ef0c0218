import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { answerOf, type Call, written } from "../../../../../helm/answers/call.ts";

/** What helm 4.1.4 answers: `node test/helm/main.ts answers --record` asks it again. */
const rows: readonly (readonly [Call, string])[] = JSON.parse(
  readFileSync(new URL("../../../../../golden/helm/function-answers.json", import.meta.url), "utf8"),
);

/** One test for many rows: each is one line of the expectation. */
describe("dates, ciphers and versions", () => {
  const names = [...new Set(rows.map(([{ name }]) => name))];
  it.each(names)("%s answers as helm does", (name) => {
    const mine = rows.filter(([call]) => call.name === name);
    expect(mine.map(([call]) => `${written(call)} -> ${answerOf(call)}`)).toEqual(mine.map(([call, want]) => `${written(call)} -> ${want}`));
  });
});
