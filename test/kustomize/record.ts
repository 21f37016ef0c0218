import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { caseFiles, readCase } from "../support/kustomize/case.ts";
import { withExpectation } from "../support/kustomize/case-text.ts";
import { createKubectl } from "../support/kustomize/kubectl.ts";
import { createLineOracle } from "../support/kustomize/oracle.ts";
import { sameAnswer } from "../support/kustomize/same-answer.ts";

/**
 * Writes into cases what kustomize says: `node test/kustomize/record.ts [--oracle PROGRAM] [--missing] [CASE...]`. With a library oracle its
 * answer is what is wanted and kubectl's stands beside it where it is another one; without, kubectl's is wanted. `by hand` cases are left alone.
 */
const { values, positionals } = parseArgs({
  options: { oracle: { type: "string" }, missing: { type: "boolean", default: false } },
  allowPositionals: true,
});

const kubectl = await createKubectl();
const oracle = values.oracle === undefined ? kubectl : createLineOracle(values.oracle);
const files = positionals.length > 0 ? positionals : caseFiles();
let written = 0;
for (const file of files) {
  const found = readCase(file);
  if (found.byHand !== undefined || (values.missing && found.want !== undefined)) continue;
  const want = await oracle.ask(found.input);
  const other = await kubectl.ask(found.input);
  // kubectl always sorts, unless the kustomization says how.
  const sorted = found.input.order === "legacy" ? want : await oracle.ask({ ...found.input, order: "legacy" });
  const differs = !sameAnswer(sorted, other);
  const why = found.kubectl?.why ?? "?";
  if (differs && why === "?") console.log(`${found.name}: kubectl differs, say why`);
  const text = readFileSync(file, "utf8");
  const fresh = withExpectation(text, { want, ...(differs && { kubectl: { why, answer: other } }) });
  if (fresh === text) continue;
  writeFileSync(file, fresh);
  written += 1;
}
oracle.end();
console.log(`${files.length} cases, ${written} written`);
