import YAML from "yaml";
import type { Answer, Input } from "../support/kustomize/case.ts";
import { sameAnswer } from "../support/kustomize/same-answer.ts";

/**
 * Where the kustomize of kubectl (5.7.1, api 0.20.1) says something else than that of Flux (api 0.21.1), which is the one we follow.
 * Each row is part of docs/kustomize.md.
 */
export type Disagreement = {
  readonly why: string;
  /** Whether both answers are what this row is about. */
  readonly explains: (ours: Answer, kubectls: Answer, input: Input) => boolean;
};

const messages = (ours: Answer, kubectls: Answer): readonly [string, string] | undefined =>
  ours.kind === "failed" && kubectls.kind === "failed" ? [ours.message, kubectls.message] : undefined;

const afterChange = (change: (message: string) => string): Disagreement["explains"] => {
  return (ours, kubectls) => {
    const both = messages(ours, kubectls);
    return both !== undefined && change(both[0]).trimEnd() === change(both[1]).trimEnd();
  };
};

const NOTHING: Input = { files: {}, path: "", restriction: "within-tree", order: "none" };

export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    why: "kustomize 5.8 says which behavior a generator had that meets an object which is there already",
    explains: afterChange((message) => message.replaceAll(/can not use behavior: '[a-z]+', /g, "")),
  },
  {
    why: "kustomize panics, which is no answer: what we say is our own",
    explains: (ours, kubectls) => kubectls.kind === "failed" && KNOWN_PANIC.test(kubectls.message) && !isBug(ours),
  },
  {
    why: "the excerpt that a message shows is in block style, with the quotes that it needs: how the file writes it is not kept",
    explains: afterChange((message) =>
      message.replace(/(?:node contents:|\*\*\*\* Too many possible).*$/s, (excerpt) =>
        excerpt
          .replaceAll(/\\+n/g, "\n")
          .replaceAll(/^\s*- |!!\w+|[|>][-+\d]*$/gm, "")
          .replaceAll(/[\\"'{}[\],\s]/g, ""),
      ),
    ),
  },
  {
    why: "the excerpt that a message shows of an object has none of kustomize's own annotations",
    explains: (ours, kubectls) =>
      kubectls.kind === "failed" &&
      kubectls.message.includes("internal.config.kubernetes.io/") &&
      afterChange((message) => message.replace(/node contents:.*$/s, ""))(ours, kubectls, NOTHING),
  },
  {
    why: "a key that is twice in a map of a manifest is refused; kustomize refuses it when it prints the object, unless something has taken its place",
    explains: (ours, kubectls, { files }) => {
      const key = ours.kind === "failed" ? TWICE.exec(ours.message)?.[1] : undefined;
      if (key === undefined || !Object.values(files).some(hasKeyTwice)) return false;
      return kubectls.kind === "built" || TWICE.exec(kubectls.message)?.[1] === key || !TWICE.test(kubectls.message);
    },
  },
  {
    why: "an object of which a patch has made none: in which words that is refused, and at which step",
    explains: (ours, kubectls) => {
      const both = messages(ours, kubectls);
      return (
        both !== undefined &&
        /missing (?:metadata\.name|kind) in object/.test(both[0]) &&
        /missing (?:metadata\.name|kind) in object|wrong node kind: expected MappingNode/.test(both[1])
      );
    },
  },
  {
    why: "the name that Go's reader of JSON has for the place of a value of the wrong type",
    explains: afterChange((message) => message.replace(/Go struct field \w+\.[\w.]+ of type/g, "Go struct field of type")),
  },
  {
    why: "a path of a replacement that leads into a text: kustomize 5.7.1 does not look into it, and says of the text that it is no map or list",
    explains: (ours, kubectls) => {
      const both = messages(ours, kubectls);
      if (both === undefined) return false;
      const [[own, ofValue = ""], [theirs, ofText = ""]] = [splitAtTarget(both[0]), splitAtTarget(both[1])];
      return own === theirs && /^(?:$|: yaml: |: wrong node kind: expected \w+ but got : node contents:\nnull)/.test(ofValue) && IN_TEXT.test(ofText);
    },
  },
];

/** Those that docs/kustomize.md tells of; another one is a difference. */
const KNOWN_PANIC =
  /^panic: (?:runtime error: (?:index out of range \[\d\] with length \d|invalid memory address or nil pointer dereference)|number of previous names, number of previous namespaces, number of previous kinds not equal|may not add resource with an already registered id: |invalid schema file: |wrong node kind: expected MappingNode but got ScalarNode: node contents:|regexp: Compile|interface conversion: interface \{\} is .+, not .+)/;

const TWICE = /mapping key "(.*)" already defined at line \d/;

/** As another reader than ours sees it. */
const hasKeyTwice = (text: string): boolean => {
  const documents = YAML.parseAllDocuments(text, { version: "1.1" });
  return "length" in documents && documents.some(({ errors }) => errors.some(({ code }) => code === "DUPLICATE_KEY"));
};

const IN_TEXT = /^: (?:wrong node kind: expected (?:Mapping|Sequence)Node but got ScalarNode|index \d+ specified but only 0 elements found)/;

const splitAtTarget = (message: string): readonly string[] => message.split(" in replacement target");

const isBug = (answer: Answer): boolean => answer.kind === "failed" && answer.message.startsWith("exception: ");

/** The row that explains why the answers differ; undefined where they must not. */
export const explanationOf = (ours: Answer, kubectls: Answer, input: Input): string | undefined =>
  DISAGREEMENTS.find(({ explains }) => explains(ours, kubectls, input))?.why;

export const agrees = (ours: Answer, other: Answer, input: Input): boolean => sameAnswer(ours, other) || explanationOf(ours, other, input) !== undefined;
