import { quote } from "../../text/quote.ts";
import { unquote } from "../go/unquote.ts";
import { createLexer, type Lexer, type Token } from "./lex.ts";
import { isEmptyTree, type ListNode, type LoopNode, type Node, type PipeNode, type TemplateNode } from "./nodes.ts";
import { createPipelineParser, type PipelineParser } from "./parse-pipeline.ts";
import { createTokens, ParseProblem, type Tokens } from "./tokens.ts";

/** The text that nodes have their positions in, under the name that errors say. */
export type Source = { readonly name: string; readonly text: string };

/** A template of a file: the file itself, or what it defines. */
export type Tree = { readonly name: string; readonly source: Source; readonly root: ListNode };

export type ParseAnswer = { readonly ok: true; readonly trees: readonly Tree[] } | { readonly ok: false; readonly message: string };

/** How deep actions may nest in each other. Go has no limit; JavaScript's stack does. */
const MAX_NESTING = 500;

/**
 * Parses the text of a file into its template and those that it defines. `hasFunction` says which names are functions: an unknown one is an error here already.
 * Source: text/template/parse. Errors are `template: shop/templates/a.yaml:3: unexpected …`, with the line of the token that was read last.
 */
export function parseTemplate(name: string, text: string, hasFunction: (name: string) => boolean): ParseAnswer {
  const source = { name, text };
  const trees = new Map<string, Tree>();
  try {
    createTreeParser(createLexer(text), { source, hasFunction, trees, nesting: { depth: 0 } }).file();
    return { ok: true, trees: [...trees.values()] };
  } catch (error) {
    if (error instanceof ParseProblem) return { ok: false, message: error.message };
    throw error;
  }
}

/** What the trees of one file share. */
type Shared = {
  readonly source: Source;
  readonly hasFunction: (name: string) => boolean;
  readonly trees: Map<string, Tree>;
  readonly nesting: { depth: number };
};

/** What ends a list: the rest of its action is read already, but for an `if` or `with` behind `else`. */
type End = { readonly kind: "end" } | { readonly kind: "else" };

function createTreeParser(lexer: Lexer, shared: Shared): { file(): void; definition(): void; block(name: string, outer: Tokens): void } {
  let actionLine = 0;
  let rangeDepth = 0;
  const tokens = createTokens(lexer, shared.source.name, () => actionLine);
  const pipelines: PipelineParser = createPipelineParser(tokens, shared.hasFunction);

  const add = (name: string, root: ListNode): void => {
    const before = shared.trees.get(name);
    if (before === undefined || isEmptyTree(before.root)) shared.trees.set(name, { name, source: shared.source, root });
    else if (!isEmptyTree(root)) tokens.fail(`template: multiple definition of template ${quote(name)}`);
  };

  const file = (): void => {
    const nodes: Node[] = [];
    while (tokens.peek().kind !== "eof") {
      if (tokens.peek().kind === "leftDelim") {
        const delim = tokens.next();
        if (tokens.nextNonSpace().kind === "define") {
          createTreeParser(lexer, shared).definition();
          continue;
        }
        tokens.backupBefore(delim);
      }
      const node = textOrAction();
      if (node.kind === "end" || node.kind === "else") tokens.fail(`unexpected {{${node.kind}}}`);
      else nodes.push(node);
    }
    add(shared.source.name, { kind: "list", nodes });
  };

  const definition = (): void => {
    const token = tokens.nextNonSpace();
    const name = nameOf(token, "define clause");
    tokens.expect("rightDelim", "define clause");
    body(name, "define clause", tokens);
  };

  /** `outer` is whose last token an error names: that of a block is of the tree that it stands in. */
  const body = (name: string, context: string, outer: Tokens): void => {
    const [root, end] = itemList();
    if (end.kind !== "end") outer.fail(`unexpected {{${end.kind}}} in ${context}`);
    add(name, root);
  };

  const nameOf = (token: Token, context: string): string => {
    if (token.kind !== "string" && token.kind !== "rawString") return tokens.unexpected(token, context);
    return unquote(token.text) ?? tokens.fail("invalid syntax");
  };

  const itemList = (): readonly [ListNode, End] => {
    const nodes: Node[] = [];
    while (tokens.peekNonSpace().kind !== "eof") {
      const node = textOrAction();
      if (node.kind === "end" || node.kind === "else") return [{ kind: "list", nodes }, node];
      nodes.push(node);
    }
    return tokens.fail("unexpected EOF");
  };

  const textOrAction = (): Node | End => {
    const token = tokens.nextNonSpace();
    if (token.kind === "text") return { kind: "text", at: token.at, text: token.text };
    if (token.kind !== "leftDelim") return tokens.unexpected(token, "input");
    actionLine = token.line;
    const node = action();
    actionLine = 0;
    return node;
  };

  const action = (): Node | End => {
    const token = tokens.nextNonSpace();
    switch (token.kind) {
      case "block":
        return blockControl();
      case "break":
      case "continue":
        return loopControl(token.kind, token.at);
      case "else":
        if (!isElseIf(tokens.peekNonSpace())) tokens.expect("rightDelim", "else");
        return { kind: "else" };
      case "end":
        tokens.expect("rightDelim", "end");
        return { kind: "end" };
      case "if":
      case "range":
      case "with":
        return control(token.kind);
      case "template":
        return templateControl();
      default:
    }
    tokens.backup();
    const at = tokens.peek().at;
    return { kind: "action", at, pipe: pipelines.pipeline("command", "rightDelim") };
  };

  const isElseIf = (token: Token): boolean => token.kind === "if" || token.kind === "with";

  const loopControl = (kind: LoopNode["kind"], at: number): LoopNode => {
    const token = tokens.nextNonSpace();
    if (token.kind !== "rightDelim") tokens.unexpected(token, `{{${kind}}}`);
    if (rangeDepth === 0) tokens.fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  };

  const control = (kind: "if" | "range" | "with"): Node => {
    shared.nesting.depth++;
    if (shared.nesting.depth > MAX_NESTING) tokens.fail(`actions nest deeper than ${MAX_NESTING} levels`);
    const variables = pipelines.mark();
    const pipe = pipelines.pipeline(kind, "rightDelim");
    if (kind === "range") rangeDepth++;
    const [list, end] = itemList();
    if (kind === "range") rangeDepth--;
    const otherwise = end.kind === "else" ? elseList(kind) : undefined;
    pipelines.popTo(variables);
    shared.nesting.depth--;
    return { kind, at: pipe.at, pipe, list, otherwise };
  };

  /** `else if` is an `if` within `else` that ends with the same `end`. */
  const elseList = (kind: "if" | "range" | "with"): ListNode => {
    if (kind !== "range" && tokens.peek().kind === kind) {
      tokens.next();
      return { kind: "list", nodes: [control(kind)] };
    }
    const [list, end] = itemList();
    if (end.kind !== "end") tokens.fail(`expected end; found {{${end.kind}}}`);
    return list;
  };

  const templateControl = (): TemplateNode => {
    const token = tokens.nextNonSpace();
    const name = nameOf(token, "template clause");
    let pipe: PipeNode | undefined;
    if (tokens.nextNonSpace().kind !== "rightDelim") {
      tokens.backup();
      pipe = pipelines.pipeline("template clause", "rightDelim");
    }
    return { kind: "template", at: token.at, name, pipe };
  };

  const blockControl = (): TemplateNode => {
    const token = tokens.nextNonSpace();
    const name = nameOf(token, "block clause");
    const pipe = pipelines.pipeline("block clause", "rightDelim");
    shared.nesting.depth++;
    if (shared.nesting.depth > MAX_NESTING) tokens.fail(`actions nest deeper than ${MAX_NESTING} levels`);
    createTreeParser(lexer, shared).block(name, tokens);
    shared.nesting.depth--;
    return { kind: "template", at: token.at, name, pipe };
  };

  return { file, definition, block: (name, outer) => body(name, "block clause", outer) };
}
