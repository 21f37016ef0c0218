import type { Json } from "@sluice/engine/domain/json.ts";
import YAML from "yaml";
import type { Chance } from "./chance.ts";

/** A scalar that stands in the file just like this: `0644`, `1.0`, `yes`. */
export const plain = (text: string): string => `⟨${text}⟩`;

const PLAIN = /⟨([^⟩]*)⟩/g;

/** Documents as a person might have written them: mostly blocks, now and then with other indentation, in flow style or as JSON. */
export function written(chance: Chance, documents: readonly Json[]): string {
  const dice = chance.int(20);
  if (dice === 0 && documents.length === 1) return `${JSON.stringify(documents[0]).replaceAll(PLAIN, "$1")}\n`;
  const options = {
    // Words such as `no`, which are booleans in YAML 1.1 only, mostly get quotes.
    version: chance.happens(0.97) ? ("1.1" as const) : ("1.2" as const),
    aliasDuplicateObjects: false,
    lineWidth: 0,
    indentSeq: dice < 5,
    indent: dice < 3 ? 4 : 2,
    ...(dice === 5 && { collectionStyle: "flow" as const }),
  };
  const texts = documents.map((document) => YAML.stringify(document, options).replaceAll(PLAIN, "$1"));
  const text = texts.join("---\n");
  if (dice === 6) return `# written by chance\n${text}`;
  return dice === 7 ? `---\n${text}---\n` : text;
}
