/** What `fail` and `required` say is between these, so that it is found again in the error around it. Source: Helm 4, pkg/engine/engine.go, warnWrap. */
const START = "HELM_ERR_START";
const END = "HELM_ERR_END";

export const warned = (text: string): string => `${START}${text}${END}`;

/** A template that cannot be parsed: `parse error at (shop/templates/a.yaml:1): …`. Source: cleanupParseError. */
export function parseErrorWords(file: string, message: string): string {
  const tokens = message.split(": ");
  const [, location] = tokens;
  return location === undefined ? `parse error in (${file}): ${message}` : `parse error at (${location}): ${tokens.at(-1)}`;
}

/**
 * A template that fails while it is executed. Of `fail` and `required` their text is left; an error whose every step is one of templates themselves becomes a trace of
 * several lines; what a function says leaves the error as Go has it. Source: reformatExecErrorMsg; recordings, render-errors and template-errors.
 */
export function executionErrorWords(file: string, message: string): string {
  const first = message.indexOf(": ");
  const second = message.indexOf(": ", first + 2);
  if (first < 0 || second < 0) return `execution error in (${file}): ${message}`;
  const rest = message.slice(second + 2);
  const start = rest.indexOf(START);
  const end = rest.lastIndexOf(END);
  if (start >= 0 && end >= start + START.length) return `execution error at (${message.slice(first + 2, second)}): ${rest.slice(start + START.length, end)}`;
  return traceOf(message) ?? message;
}

const TEMPLATE = "template: ";
const CALLING = /^error calling [A-Za-z0-9_]+: /;

/** One step of a trace; `next` is the error that it hands on. */
type Step = { readonly shown: string; readonly next: string | undefined };

function traceOf(message: string): string | undefined {
  let trace = "";
  let before = "";
  for (let rest: string | undefined = message; rest !== undefined; ) {
    const step: Step | undefined = stepOf(rest);
    if (step === undefined) return undefined;
    // An error that is the same as the one around it is shown once.
    if (step.shown !== before) trace += step.shown;
    before = step.shown;
    rest = step.next;
  }
  return trace.trim();
}

function stepOf(message: string): Step | undefined {
  if (!message.startsWith(TEMPLATE)) return undefined;
  const rest = message.slice(TEMPLATE.length);
  if (/^no template ".*" associated with template ".*"$/s.test(rest)) return { shown: `${message}\n`, next: undefined };
  const colon = rest.indexOf(": ");
  if (colon < 0) return undefined;
  const location = rest.slice(0, colon);
  const said = rest.slice(colon + 2);
  const executing = /^executing "(?:[^"\\]|\\.)*" at </.exec(said);
  if (executing === null) return { shown: `${location}\n  ${said}\n`, next: undefined };
  const close = said.indexOf(">: ", executing[0].length);
  if (close < 0) return undefined;
  const what = said.slice(0, close + 2);
  const problem = said.slice(close + 3);
  const calling = CALLING.exec(problem);
  if (calling === null) return { shown: `${location}\n  ${what}\n    ${problem}\n`, next: undefined };
  return { shown: `${location}\n  ${what}\n    ${calling[0].trimEnd()}\n`, next: problem.slice(calling[0].length) };
}
