import type { Answer } from "./oracle.ts";

/** Where helm 4.1.4 and we may say different things, and why. */
const LISTED: readonly { readonly why: string; readonly fits: (expression: string, ours: Answer) => boolean }[] = [
  {
    why: "our reader of YAML refuses keys that objects of JavaScript have themselves",
    fits: (expression, ours) => expression.startsWith("fromYaml") && ours.text.includes('" is not allowed'),
  },
  {
    why: "Go 1.26, with which Helm 4.2.2 is built, refuses a second colon in the host of http and https; 4.1.4 is built with 1.25",
    fits: (expression, ours) => expression.startsWith("urlParse") && /invalid port ":[^/]*:/.test(ours.text),
  },
  {
    why: "a key with U+0085 is a line break to go-yaml, which names the line in its text of JSON",
    fits: (_, ours) => ours.text.endsWith("yaml: did not find expected ',' or '}'"),
  },
];

export const listedReason = (expression: string, ours: Answer): string | undefined => LISTED.find(({ fits }) => fits(expression, ours))?.why;
