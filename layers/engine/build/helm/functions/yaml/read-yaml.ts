import { spend } from "../../../work.ts";
import { readFirstYaml } from "../../../yaml/read.ts";
import { bytesOf } from "../../go/bytes.ts";
import { goOfJson } from "../../go/json.ts";
import type { GoValue } from "../../go/value.ts";

/** What is read takes more than its letters: a value of two of them is some hundred bytes. */
const STEPS_OF_LETTER = 20;

export type Read = { readonly ok: true; readonly value: GoValue } | { readonly ok: false; readonly problem: string };

/** The first document of a text, as sigs.k8s.io/yaml reads it. A problem is in its words. */
export function readYaml(text: string): Read {
  spend(STEPS_OF_LETTER * text.length);
  const read = readFirstYaml(text.isWellFormed() ? text : bytesOf(text), "last wins");
  return read.ok ? { ok: true, value: goOfJson(read.value) } : { ok: false, problem: `error converting YAML to JSON: ${read.problem}` };
}
