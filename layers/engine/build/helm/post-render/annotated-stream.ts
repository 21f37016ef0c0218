import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, isScalar, type Node, type NodeMap, TEXT } from "../../node/node.ts";
import { isFolded, withWritten, writtenIn } from "../../node/written.ts";
import { readDocuments, type YamlProblem } from "../../yaml/documents.ts";
import type { KeyNames } from "../../yaml/parse/reading.ts";
import { rewriteFolds } from "../../yaml/parse/rewritten-folds.ts";
import { WRITTEN_ANEW, writeYaml } from "../../yaml/write.ts";
import { yamlSource } from "../manifest/head.ts";
import { documentsByFile, type RenderedFiles } from "../manifest/sort-manifests.ts";

/** In which an object keeps the name of its file while it is changed. Source: Helm 4, pkg/action/action.go. */
const FILE = "postrenderer.helm.sh/postrender-filename";

/**
 * All documents as one stream, each with the name of its file in an annotation. Items of a `List` become documents of their own, comments and empty documents
 * vanish. Source: Helm 4, annotateAndMerge.
 */
export function annotatedStream(files: RenderedFiles): Result<string> {
  const written: string[] = [];
  const names: KeyNames = new Map();
  for (const [file, documents] of documentsByFile(files)) {
    for (const text of documents) {
      const read = readDocuments(yamlSource(text), "refuse", names);
      if (!read.ok) return problem(`parsing ${file}: ${shownProblem(read.problem)}`);
      for (const { node } of read.value) {
        const annotated = withFile(node, file);
        if (!annotated.ok) return problem(`parsing ${file}: ${annotated.problem}`);
        written.push(writeYaml(annotated.value, WRITTEN_ANEW));
      }
    }
  }
  return ok(written.join("---\n"));
}

const shownProblem = ({ kind, message }: YamlProblem): string => (kind === "malformed" ? `MalformedYAMLError: ${message}` : message);

function withFile(node: Node, file: string): Result<Node> {
  if (!isMap(node)) return wrongKind(node);
  const metadata = node.metadata ?? {};
  if (!isMap(metadata)) return wrongKind(metadata);
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return ok({ ...writtenAnew(node), metadata: { ...metadata, annotations: { ...annotations, [FILE]: file } } });
}

function wrongKind(node: Node): Result<never> {
  const kind = isMap(node) ? "MappingNode" : isList(node) ? "SequenceNode" : "ScalarNode";
  return problem(`wrong node kind: expected MappingNode but got ${kind}: node contents:\n${shownNode(node)}`);
}

const shownNode = (node: Node): string => (isScalar(node) ? `${node[TEXT]}\n` : writeYaml(node, WRITTEN_ANEW));

/** The stream is written once more than kustomize itself does it, which gives folded blocks other line breaks once more. */
function writtenAnew(map: NodeMap): NodeMap {
  const written = writtenIn(map);
  const entries = Object.entries(map).map(([key, value]): [string, Node] => [
    key,
    isFolded(written.get(key)) && typeof value === "string" ? rewriteFolds(value) : anew(value),
  ]);
  return withWritten(Object.fromEntries(entries), written);
}

const anew = (node: Node): Node => (isMap(node) ? writtenAnew(node) : isList(node) ? node.map(anew) : node);

/** The files of a stream whose documents were changed. `group` tells files apart that have lost their names. Source: Helm 4, splitAndDeannotate. */
export function filesOfStream(stream: string, group: string): Result<ReadonlyMap<string, string>> {
  const read = readDocuments(stream);
  if (!read.ok) return problem(`error parsing YAML: ${shownProblem(read.problem)}`);
  const files = new Map<string, string[]>();
  for (const [index, { node }] of read.value.entries()) {
    if (!isMap(node)) return problem(`getting metadata: ${wrongKindOf(node)}`);
    const { file, rest } = withoutFile(node);
    const name = file ?? `generated-by-postrender-${group}-${index}.yaml`;
    const text = writeYaml(rest, WRITTEN_ANEW);
    const known = files.get(name);
    if (known === undefined) files.set(name, [text]);
    else known.push(text);
  }
  return ok(new Map([...files].map(([name, texts]) => [name, texts.join("---\n")])));
}

const wrongKindOf = (node: Node): string => {
  const wrong = wrongKind(node);
  return wrong.ok ? "" : wrong.problem;
};

/** Annotations that are left empty are dropped. */
function withoutFile(node: NodeMap): { readonly file: string | undefined; readonly rest: NodeMap } {
  const { metadata } = node;
  if (!isMap(metadata) || !isMap(metadata.annotations)) return { file: undefined, rest: node };
  const { [FILE]: file, ...annotations } = metadata.annotations;
  const { annotations: _, ...others } = metadata;
  const left = Object.keys(annotations).length === 0 ? others : { ...others, annotations };
  return { file: typeof file === "string" && file !== "" ? file : undefined, rest: { ...node, metadata: left } };
}
