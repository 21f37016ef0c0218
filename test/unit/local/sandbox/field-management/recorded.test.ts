import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Step } from "../../../../support/field-management/check-step.ts";
import { checkStep } from "../../../../support/field-management/check-step.ts";

/**
 * Random requests by several managers, with what a real kube-apiserver 1.35.4 had before and answered. Recorded by
 * test/support/field-management/differential.ts, which plays new ones against a running server.
 */
const folder = new URL("recorded/", import.meta.url);
const cases = readdirSync(folder).map((file): { file: string; steps: readonly Step[] } => ({
  file,
  steps: JSON.parse(readFileSync(new URL(file, folder), "utf8")),
}));

describe.each(cases)("$file", ({ steps }) => {
  it.each(
    steps.map((step, index) => ({ step, index, title: `${step.verb} by ${step.manager}${step.force === true ? " with force" : ""} → ${step.code}` })),
  )("$index: $title", ({ step }) => expect(checkStep(step)).toBeUndefined());
});

it("notices when an owner is missing", () => {
  const step = cases
    .find(({ file }) => file.startsWith("configmap"))
    ?.steps.find(({ code, answer }) => code === 200 && JSON.stringify(answer).includes('"f:data"'));
  if (step === undefined) throw new Error("no step to spoil");
  const spoiled: Step = { ...step, answer: JSON.parse(JSON.stringify(step.answer).replace('"f:data"', '"f:dada"')) };
  expect(checkStep(spoiled)).toContain("f:dada");
});
