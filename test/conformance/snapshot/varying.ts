import { placeholder } from "../story/placeholder.ts";

/** What differs from run to run, or comes in random order from Flux: pattern and what takes its place. Source: the recordings. */
const VARYING: readonly (readonly [RegExp, string | ((text: string, list: string) => string)])[] = [
  [/\/tmp\/[\w./-]*?(?:gitrepository-[\w.${}-]+?|flux-include)-\d{6,}(?![\w-])/g, placeholder("TMP")],
  [/\/tmp\/[\w./-]*?kustom(?:ization|ize)-\d+/g, placeholder("TMP")],
  [/\/tmp\/[\w./-]*?helmchart-[^/\s]*-\d+/g, placeholder("TMP")],
  // Tag objects: whoever made them, and when, is in them.
  [/@[0-9a-f]{40}\b/g, "@<sha>"],
  // Go pointers in kustomize's messages.
  [/\b0x[0-9a-f]{6,}\b/g, "0x…"],
  [/sha256:[0-9a-f]{64}/g, "sha256:…"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, placeholder("TIME")],
  [/127\.0\.0\.1:\d+/g, placeholder("ADDRESS")],
  [/of size [\d.]+ ?[kM]?i?B/g, "of size …"],
  // `[Deployment/a status: 'Failed', Job/b status: 'Failed']` comes from a Go map.
  [
    /\[((?:[^[\],]+ status: '\w+'(?:, )?){2,})\]/g,
    (_, list) =>
      `[${list
        .split(/, (?=[A-Z])/)
        .toSorted()
        .join(", ")}]`,
  ],
];

const DURATION = /\b\d+(\.\d+)?(ms|µs|s)\b(?! interval)/g;

export type Known = {
  readonly namespace: string;
  readonly gitUrl: string;
  readonly commits: ReadonlyMap<string, string>;
  /** The scenario's text. */
  readonly source: string;
};

/** `text` without what another run would say otherwise. A duration that stands in the scenario was not measured and stays. */
export function withoutVarying(text: string, { namespace, gitUrl, commits, source }: Known): string {
  let said = text.replaceAll(namespace, placeholder("NS")).replaceAll(gitUrl, placeholder("GIT"));
  for (const [id, label] of commits) said = said.replaceAll(id, label);
  for (const [pattern, replacement] of VARYING)
    said = typeof replacement === "string" ? said.replace(pattern, replacement) : said.replace(pattern, replacement);
  return said.replace(DURATION, (duration) => (/^\d+m?s$/.test(duration) && source.includes(duration) ? duration : placeholder("DURATION")));
}
