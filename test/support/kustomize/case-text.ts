import YAML from "yaml";
import { type Answer, type Input, parseCase } from "./case.ts";

export type Expectation = {
  readonly want: Answer;
  readonly byHand?: string | undefined;
  readonly kubectl?: { readonly why: string; readonly answer: Answer } | undefined;
};

const field = (key: string, value: unknown): string => YAML.stringify({ [key]: value }, { blockQuote: "literal", lineWidth: 0 });

/** A case as its file says it. */
export function caseText(description: string, input: Input, expectation: Expectation | undefined): string {
  return [
    description
      .split("\n")
      .map((line) => `# ${line}\n`)
      .join(""),
    input.path === "app" ? "" : field("path", input.path),
    input.restriction === "within-folder" ? "" : field("restriction", input.restriction),
    input.order === "none" ? "" : field("order", input.order),
    field("files", input.files),
    input.bytes === undefined ? "" : field("bytes", input.bytes),
    input.links === undefined ? "" : field("links", input.links),
    expectation === undefined ? "" : expectationText(expectation),
  ].join("");
}

/** `text` of a case with another expectation; what a person wrote above it stays as it is. */
export function withExpectation(text: string, expectation: Expectation): string {
  const head = /^(?:by hand|want|error|kubectl differs|kubectl|kubectl error):/m.exec(text);
  const changed = (head === null ? text : text.slice(0, head.index)) + expectationText(expectation);
  parseCase(changed, "a recorded case", "");
  return changed;
}

function expectationText({ want, byHand, kubectl }: Expectation): string {
  return [
    byHand === undefined ? "" : field("by hand", byHand),
    want.kind === "built" ? field("want", want.yaml) : field("error", want.message),
    kubectl === undefined ? "" : field("kubectl differs", kubectl.why),
    kubectl === undefined ? "" : kubectl.answer.kind === "built" ? field("kubectl", kubectl.answer.yaml) : field("kubectl error", kubectl.answer.message),
  ].join("");
}
