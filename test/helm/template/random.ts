import { type Chance, createChance } from "../chance.ts";
import { caseOf, FLAGS, FUNCTIONS, VALUES, VERBS } from "./expressions.ts";
import type { TemplateCase } from "./ours.ts";

/** A template that may be right or wrong in any way: what Go says of it is what ours has to say. */
export function randomCase(seed: number): TemplateCase {
  const chance = createChance(seed);
  const text = chance.below(4) === 0 ? mangled(body(chance, 2), chance) : body(chance, 2);
  return caseOf(text, chance.pick(["zero", "zero", "zero", "default", "error"]));
}

function body(chance: Chance, depth: number): string {
  const count = 1 + chance.below(3);
  return Array.from({ length: count }, () => node(chance, depth)).join(chance.pick(["", " ", "\n", "\n  ä "]));
}

function node(chance: Chance, depth: number): string {
  const [open, close] = [chance.pick(["{{", "{{ ", "{{- "]), chance.pick(["}}", " }}", " -}}"])];
  const action = (text: string): string => `${open}${text}${close}`;
  const plain = (): string => action(pipeline(chance, 2));
  if (depth === 0) return plain();
  const inner = (): string => body(chance, depth - 1);
  const otherwise = (): string => chance.pick(["", `{{ else }}${inner()}`]);
  switch (chance.below(14)) {
    case 0:
      return `${action(`if ${pipeline(chance, 1)}`)}${inner()}${otherwise()}{{end}}`;
    case 1:
      return `${action(`with ${pipeline(chance, 1)}`)}${inner()}${otherwise()}{{end}}`;
    case 2:
      return `${action(`range ${chance.pick(["", "$i := ", "$i, $x := ", "$k, $ := "])}${pipeline(chance, 1)}`)}${inner()}${loopEnd(chance)}${otherwise()}{{end}}`;
    case 3:
      return `${action(`$v := ${pipeline(chance, 1)}`)}${inner()}{{ $v }}${action(`$v = ${pipeline(chance, 1)}`)}{{ $v }}${chance.pick(["", "{{ $v.x }}", "{{ $v.a.b }}"])}`;
    case 4:
      return action(`template ${chance.pick(['"shop.name"', '"shop.fails"', '"shop.vars"', '"absent"', "`shop.empty`"])} ${pipeline(chance, 1)}`);
    case 5:
      return `${action(`block "own" ${pipeline(chance, 1)}`)}<{{ . }}>${inner()}{{end}}`;
    case 6:
      return `${action(`if ${pipeline(chance, 1)}`)}${inner()}{{ else if ${pipeline(chance, 1)} }}${inner()}{{end}}`;
    case 7:
      return `{{ printf "${format(chance)}${chance.pick(["", ` ${format(chance)}`])}" ${value(chance)} ${chance.pick(["", value(chance)])} }}`;
    case 8:
      return `{{/* a\ncomment */}}${plain()}`;
    default:
      return plain();
  }
}

const loopEnd = (chance: Chance): string => chance.pick(["", "", "{{ break }}", "{{ continue }}x", '{{ if eq . "b" }}{{ break }}{{ end }}']);
function format(chance: Chance): string {
  const verb = chance.pick(VERBS);
  return `%${verb === "p" ? "" : chance.pick(FLAGS)}${verb}`;
}
const value = (chance: Chance): string => chance.pick(VALUES);

function pipeline(chance: Chance, depth: number): string {
  const stages = [command(chance, depth)];
  while (chance.below(4) === 0) stages.push(chance.pick(FUNCTIONS)[0]);
  return stages.join(" | ");
}

function command(chance: Chance, depth: number): string {
  if (depth === 0 || chance.below(3) === 0) return value(chance);
  const [name, count] = chance.pick(FUNCTIONS);
  const wrong = chance.below(12) === 0 ? chance.pick([-1, 1, 2]) : 0;
  const args = Array.from({ length: Math.max(count + wrong, 0) }, () => (chance.below(5) === 0 ? `(${pipeline(chance, depth - 1)})` : value(chance)));
  return [name, ...args].join(" ");
}

/** Something in it taken away, doubled or replaced: for the parser. */
function mangled(text: string, chance: Chance): string {
  const at = chance.below(text.length);
  const to = at + 1 + chance.below(4);
  const piece = chance.pick([
    "",
    "",
    "{{",
    "}}",
    "(",
    ")",
    "|",
    '"',
    "`",
    "'",
    "$",
    ".",
    ",",
    ":=",
    "=",
    " ",
    "\n",
    "{{ end }}",
    "{{ else }}",
    "@",
    "é",
    "\u0001",
    "{{/*",
    "*/}}",
    "nil",
    "08",
    "end",
    "break",
  ]);
  return chance.below(2) === 0 ? text.slice(0, at) + piece + text.slice(to) : text.slice(0, at) + piece + text.slice(at);
}
