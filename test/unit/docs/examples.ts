import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Json } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { crdManifests } from "@sluice/engine/flux/crds.ts";
import { parse, parseAllDocuments } from "yaml";
import type { ResourceKind } from "../../../lib/local/sandbox/kinds/kind.ts";
import { parseCrd } from "../../../lib/local/sandbox/schema/crd.ts";
import { validateCustomResource } from "../../../lib/local/sandbox/schema/custom-resource.ts";
import { unknownFields } from "../../../lib/local/sandbox/schema/prune.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export const readPage = (path: string): string => readFileSync(ROOT + path, "utf8");

/** A heading, and what stands below it down to the next one of any rank. */
export type Section = { readonly heading: string; readonly text: string };

/** Lines of code that begin with # are no headings. */
export function sectionsOf(markdown: string): readonly Section[] {
  const sections: { heading: string; lines: string[] }[] = [];
  let isCode = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const [, heading] = isCode ? [] : (/^#+ (.+)$/.exec(line) ?? []);
    if (heading !== undefined) sections.push({ heading, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ heading, lines }) => ({ heading, text: lines.join("\n") }));
}

/** The objects in blocks of code that are YAML and nothing else: ```` ```yaml workflow ```` is somebody else's. */
export const objectsIn = (markdown: string): readonly Manifest[] =>
  [...markdown.matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap(([, text = ""]) => documents(text));

export const documents = (yaml: string): readonly Manifest[] => parseAllDocuments(yaml).map((document) => parse(document.toString()) as Manifest);

const kinds: ReadonlyMap<string, ResourceKind> = new Map(
  crdManifests({ version: "v0.0.0", instance: "docs" }).flatMap((crd) => {
    const parsed = parseCrd(crd);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value.map((kind) => [`${kind.group}/${kind.version} ${kind.kind}`, kind] as const);
  }),
);

/** What an API server with our CRDs has against an object, with strict field validation; Secrets are texts under keys. */
export function faultsOf(object: Manifest): readonly string[] {
  if (object.kind === "Secret") return secretFaults(object);
  const kind = kinds.get(`${object.apiVersion} ${object.kind}`);
  if (kind === undefined) return [`no kind of ours: ${object.apiVersion} ${object.kind}`];
  return [
    ...validateCustomResource(kind, object).map((fault) => JSON.stringify(fault)),
    ...unknownFields(kind.schema, object).map((field) => `unknown: ${field}`),
  ];
}

function secretFaults({ stringData }: Manifest): readonly string[] {
  const data: Json | undefined = stringData as Json | undefined;
  if (!isObject(data) || Object.keys(data).length === 0) return ["a Secret without stringData"];
  return Object.entries(data).flatMap(([key, value]) => (typeof value === "string" ? [] : [`${key} is no text`]));
}
