import { canBackquote, quote } from "../../../text/quote.ts";
import { failure, type GoResult } from "../../go/result.ts";
import { BOOL, STRING, STRINGS } from "../../go/type.ts";
import { goStrings, nilSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { findAll, splitAt } from "./find-all.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { expansion, replaceAll } from "./replace-all.ts";

const { int, string } = ARG;

type Compile = (source: string) => ReturnType<typeof compilePattern>;
/** What is said of an expression that is none. */
type Complaint = (source: string, problem: string) => GoResult;

/** How many expressions are kept compiled: a chart uses few of them, again and again. */
const MOST_KEPT = 200;

/** Functions of sprig's regex.go, by Go's RE2. Those with `must` say what is wrong with an expression in fewer words. */
export function regexFunctions(): { readonly [name: string]: GoFunction } {
  const compile = remembering();
  const plain = familyOf(compile, (source, problem) => failure(`regexp: Compile(${canBackquote(source) ? `\`${source}\`` : quote(source)}): ${problem}`));
  const must = familyOf(compile, (_, problem) => failure(problem));
  return {
    mustRegexFind: must.find,
    mustRegexFindAll: must.findAll,
    mustRegexMatch: must.match,
    mustRegexReplaceAll: must.replaceAll,
    mustRegexReplaceAllLiteral: must.replaceAllLiteral,
    mustRegexSplit: must.split,
    regexFind: plain.find,
    regexFindAll: plain.findAll,
    // An expression that is none matches nothing.
    regexMatch: familyOf(compile, () => false).match,
    regexQuoteMeta: goFunction([string], (text) => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`), STRING),
    regexReplaceAll: plain.replaceAll,
    regexReplaceAllLiteral: plain.replaceAllLiteral,
    regexSplit: plain.split,
  };
}

function familyOf(compile: Compile, complain: Complaint) {
  const using = (source: string, work: (pattern: Pattern) => GoResult): GoResult => {
    const compiled = compile(source);
    return compiled.ok ? work(compiled.value) : complain(source, compiled.problem);
  };
  return {
    match: goFunction([string, string], (source, text) => using(source, (pattern) => pattern.find(text, 0) !== undefined), BOOL),
    find: goFunction([string, string], (source, text) => using(source, (pattern) => text.slice(...(pattern.find(text, 0)?.slice(0, 2) ?? [0, 0]))), STRING),
    findAll: goFunction([string, string, int], (source, text, most) => using(source, (pattern) => found(pattern, text, most)), STRINGS),
    replaceAll: goFunction(
      [string, string, string],
      (source, text, by) => using(source, (pattern) => replaceAll(pattern, text, expansion(pattern, by))),
      STRING,
    ),
    replaceAllLiteral: goFunction([string, string, string], (source, text, by) => using(source, (pattern) => replaceAll(pattern, text, () => by)), STRING),
    split: goFunction([string, string, int], (source, text, most) => using(source, (pattern) => parts(pattern, text, most)), STRINGS),
  };
}

function found(pattern: Pattern, text: string, most: number): GoResult {
  const matches = findAll(pattern, text, most);
  return matches.length === 0 ? nilSlice(STRINGS) : goStrings(matches.map(([start, end]) => text.slice(start, end)));
}

const parts = (pattern: Pattern, text: string, most: number): GoResult => (most === 0 ? nilSlice(STRINGS) : goStrings(splitAt(pattern, text, most)));

/** Keeps what it has compiled, for one rendering. */
function remembering(): Compile {
  const kept = new Map<string, ReturnType<typeof compilePattern>>();
  return (source) => {
    const known = kept.get(source);
    if (known !== undefined) return known;
    const compiled = compilePattern(source);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(source, compiled);
    return compiled;
  };
}
