import { quote } from "../../text/quote.ts";
import type { GoValue } from "../go/value.ts";
import { type Budget, BudgetExceeded, createBudget } from "./budget.ts";
import { BUILTINS } from "./builtins/builtins.ts";
import { programOf } from "./compile.ts";
import type { GoFunctions } from "./functions.ts";
import { isEmptyTree } from "./nodes.ts";
import { parseTemplate, type Tree } from "./parse.ts";
import { createParsedTexts, type ParsedTexts, weightOf } from "./parsed-texts.ts";
import { createState, type Environment, ExecProblem, type MissingKey, type Template } from "./state.ts";

export { createParsedTexts, type ParsedTexts } from "./parsed-texts.ts";
export type { Template } from "./state.ts";

/**
 * Go's text/template: a set of templates that know each other by name. What Helm's engine (pkg/engine/engine.go) makes of it:
 *
 *   const budget = createBudget();
 *   const templates = createTemplates({ name: "gotpl", functions: (set) => …, missingKey: "zero", budget });
 *   for (const file of sorted) templates.parse(file.name, file.text);        // parse errors: cleanupParseError's text is made of `message`
 *   templates.execute("shop/templates/a.yaml", data);                        // `failed` and `exec`: reformatExecErrorMsg's text is made of `message`
 *
 * `functions` is called once for each set with the set itself, so that `include` executes in the set that it is called in:
 *   include  (name, data) => set.execute(name, data): its failure's message is the function's failure, and the error grows by `error calling include: …`
 *   tpl      (text, data) => { const inner = set.clone(); const parsed = inner.parse("gotpl", text); … inner.run(parsed.template, data) }
 * A clone gets functions of its own in the same way, and shares the budget. What a clone parses is not seen outside; what is defined outside is seen within.
 * `<no value>` stands in the output where a value is absent; Helm takes these words out of what it renders.
 */
export type Templates = {
  /** The name that errors of missing templates say: `no template "x" associated with template "gotpl"`. */
  readonly name: string;
  /** Adds the template `name` and all that its text defines. A later one of the same name replaces an earlier one, unless it is empty but for space. */
  parse(name: string, text: string): TemplateParsed;
  lookup(name: string): Template | undefined;
  /** Executes the template of that name. */
  execute(name: string, data: GoValue): TemplateOutput;
  /** Executes a template that `parse` gave, also where it was empty and did not replace another. */
  run(template: Template, data: GoValue): TemplateOutput;
  clone(): Templates;
};

export type TemplateParsed = { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly message: string };

export type TemplateOutput = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly failure: TemplateFailure };

/** `exec` is a template.ExecError of Go; `missing`: no template of the name; `budget`: too much of something, and the whole render is over. */
export type TemplateFailure = { readonly kind: "exec" | "missing" | "budget"; readonly message: string };

export type TemplatesOptions = {
  readonly name: string;
  readonly functions: (set: Templates) => GoFunctions;
  /** Functions that are the same in all sets, below those: a clone need not put hundreds into a map of its own for each `tpl`. */
  readonly shared?: GoFunctions;
  /** What `.none` of a map is: `zero` in Helm, `error` with its flag for strictness. */
  readonly missingKey: MissingKey;
  readonly budget?: Budget;
  /** Texts that were parsed before, for who renders the same charts again. Belongs to one set of names of functions. */
  readonly parsed?: ParsedTexts;
};

/** The definitions of a set, newest last; only the last layer changes, so that a clone costs nothing. */
type Layers = readonly Map<string, Template>[];

export function createTemplates(options: TemplatesOptions): Templates {
  return createSet(
    { ...options, budget: options.budget ?? createBudget(), parsed: options.parsed ?? createParsedTexts(), shared: options.shared ?? new Map() },
    [new Map()],
  );
}

function createSet(options: Required<TemplatesOptions>, below: Layers): Templates {
  const { name: setName, budget, missingKey } = options;
  let layers = below;

  const lookup = (name: string): Template | undefined => {
    for (let index = layers.length - 1; index >= 0; index--) {
      const found = layers[index]?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const parse = (name: string, text: string): TemplateParsed => {
    // A step for some characters: a loop around `tpl` is to end as others do. What is too much is said as an error of parsing where nothing is executed.
    try {
      budget.steps(text.length >> 2);
    } catch (error) {
      if (error instanceof BudgetExceeded && budget.depth === 0) return { ok: false, message: `template: ${name}: ${error.message}` };
      throw error;
    }
    const answer = parseOnce(options.parsed, name, text, (word) => environment.functions.has(word) || BUILTINS.has(word));
    if (!answer.ok) return answer;
    let own: Template | undefined;
    for (const template of answer.templates) {
      if (template.name === name) own = template;
      if (lookup(template.name) === undefined || !isEmptyTree(template.root)) layers.at(-1)?.set(template.name, template);
    }
    return own === undefined ? { ok: false, message: `template: ${name}: nothing was parsed` } : { ok: true, template: own };
  };

  const run = (template: Template, data: GoValue): TemplateOutput => {
    const { depth } = budget;
    if (depth >= budget.limits.depth) return { ok: false, failure: { kind: "exec", message: tooDeep(template.name, budget) } };
    budget.depth++;
    try {
      const state = createState(environment, template, data ?? undefined);
      programOf(template)(state);
      return { ok: true, text: state.output };
    } catch (error) {
      if (error instanceof ExecProblem) return { ok: false, failure: { kind: "exec", message: error.message } };
      const tooMuch = depth === 0 ? excessOf(error) : undefined;
      if (tooMuch === undefined) throw error;
      return { ok: false, failure: { kind: "budget", message: `template: ${template.name}: ${tooMuch}` } };
    } finally {
      budget.depth = depth;
    }
  };

  const set: Templates = {
    name: setName,
    parse,
    lookup,
    run,
    execute: (name, data) => {
      const template = lookup(name);
      if (template !== undefined) return run(template, data);
      return { ok: false, failure: { kind: "missing", message: `template: no template ${quote(name)} associated with template ${quote(setName)}` } };
    },
    clone: () => {
      if (layers.at(-1)?.size !== 0) layers = [...layers, new Map()];
      return createSet(options, [...layers.slice(0, -1), new Map()]);
    },
  };
  const own = options.functions(set);
  const functions = { get: (word: string) => own.get(word) ?? options.shared.get(word), has: (word: string) => own.has(word) || options.shared.has(word) };
  const environment: Environment = { functions, missingKey, budget, lookup };
  return set;
}

const tooDeep = (name: string, { limits }: Budget): string => `template: ${name}: exceeded maximum template depth (${limits.depth})`;

/** What was too much, of a budget or of JavaScript's own: its stack, the length of a string or a list. Undefined for a bug. */
function excessOf(error: unknown): string | undefined {
  if (error instanceof BudgetExceeded) return error.message;
  return error instanceof RangeError ? "templates nest too deep or make too much" : undefined;
}

type ParsedOnce = { readonly ok: true; readonly templates: readonly Template[] } | { readonly ok: false; readonly message: string };

function parseOnce(parsed: ParsedTexts, name: string, text: string, hasFunction: (name: string) => boolean): ParsedOnce {
  const key = `${name}\0${text}`;
  const before = parsed.get(key);
  if (before !== undefined) return { ok: true, templates: before };
  const answer = parseTemplate(name, text, hasFunction);
  if (!answer.ok) return answer;
  const templates = answer.trees.map((tree: Tree): Template => ({ ...tree }));
  parsed.set(key, templates, weightOf(key));
  return { ok: true, templates };
}
