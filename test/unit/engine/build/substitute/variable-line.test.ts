// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Flux, not of JavaScript
import { variableLine } from "@sluice/engine/build/substitute/variable-line.ts";
import { expect, it } from "vitest";

const TEXT = "kind: A\na: ${ab}\nb: ${a:=1}\n---\nkind: B\nc: ${c}${d}\n";

it.each<[string, number, number | undefined]>([
  ["a", 1, 3],
  ["ab", 1, 2],
  ["c", 1, undefined],
  ["c", 5, 6],
  ["d", 5, 6],
  ["d", 4, 6],
  ["a", 5, undefined],
])("%s of the document in line %i: line %s", (name, firstLine, want) => expect(variableLine(TEXT, firstLine, name)).toBe(want));
