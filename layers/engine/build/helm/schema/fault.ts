import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { escapeToken } from "./draft.ts";

/** Where a value stands: keys and indexes, from the inside out. */
export type Path = { readonly token: string; readonly up: Path } | undefined;

/**
 * What is wrong with a value. A `group` has only causes, which count in its stead; a `reference` is not shown when it has one cause. `say` makes the text when it is wanted:
 * most are dropped, since some other alternative fits.
 */
export type Fault = { readonly kind: "plain" | "group" | "reference"; readonly at: Path; readonly say: () => string; readonly causes: readonly Fault[] };

/** Of a look that only asks whether a value fits. */
export const SOME_FAULT: Fault = { kind: "plain", at: undefined, say: () => "", causes: [] };

/** A fault as its own list of faults: of a group its causes. */
export const causesOf = (fault: Fault): readonly Fault[] => (fault.kind === "group" ? fault.causes : [fault]);

/**
 * All faults of one schema, each in a line: `- at '/replicas': got string, want integer`, causes below with two more blanks.
 * Source: santhosh-tekuri/jsonschema v6, output.go.
 */
export function showFaults(faults: readonly Fault[]): string {
  const lines: string[] = [];
  for (const fault of faults) show(fault, 0, lines);
  return lines.join("\n");
}

function show(fault: Fault, depth: number, lines: string[]): void {
  const isShown = fault.kind !== "reference" || fault.causes.length !== 1;
  if (isShown) {
    const line = `${"  ".repeat(depth)}- at ${quoteName(pointerOf(fault.at))}: ${fault.say()}`;
    spend(line.length);
    lines.push(line);
  }
  for (const cause of fault.causes) show(cause, isShown ? depth + 1 : depth, lines);
}

/** Keys are not sorted, and a slash in a key is `~1`. */
function pointerOf(path: Path): string {
  const tokens: string[] = [];
  for (let at = path; at !== undefined; at = at.up) tokens.push(escapeToken(at.token));
  return tokens
    .reverse()
    .map((token) => `/${token}`)
    .join("");
}

/** In single quotes. A backslash at the end is one, though all others are two: so it comes out there. */
export const quoteName = (text: string): string => `'${quote(text).replaceAll('\\"', '"').slice(1, -1).replaceAll("'", "\\'")}'`;
export const quoteNames = (texts: readonly string[]): string => texts.map(quoteName).join(", ");
