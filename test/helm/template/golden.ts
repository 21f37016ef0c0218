import { fileURLToPath } from "node:url";
import { CASES } from "./cases.ts";
import type { TemplateAnswer, TemplateCase } from "./ours.ts";
import { randomCase } from "./random.ts";

/** What Go 1.26 said of `goldenCases`, in their order: after a change of the cases, `with-go.ts --record` has to be run. */
export const GOLDEN = fileURLToPath(new URL("../../golden/helm/templates.json", import.meta.url));

const RANDOM = 1_500;

export const goldenCases: readonly TemplateCase[] = [...CASES, ...Array.from({ length: RANDOM }, (_, seed) => randomCase(seed))];

/** Addresses of memory are nobody's to know. */
export const isSameAnswer = (ours: TemplateAnswer, theirs: TemplateAnswer): boolean =>
  neutral(ours.out) === neutral(theirs.out) && neutral(ours.err) === neutral(theirs.err);

export const neutral = (text: string | undefined): string | undefined => text?.replaceAll(/0[xX][0-9a-fA-F]{6,}/g, "0xADDRESS");
