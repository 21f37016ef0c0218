/** What a parser or another pure stage answers: the value, or what is wrong with the input. */
export type Result<Value, Problem = string> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });
export const problem = <Problem>(text: Problem): { readonly ok: false; readonly problem: Problem } => ({ ok: false, problem: text });
