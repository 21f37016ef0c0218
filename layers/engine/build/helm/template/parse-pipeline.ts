import { quote } from "../../text/quote.ts";
import { unquote } from "../go/unquote.ts";
import type { TokenKind } from "./lex.ts";
import { type ArgNode, type CommandNode, type PipeNode, printNode, type VariableNode } from "./nodes.ts";
import { parseNumber } from "./number-node.ts";
import type { Tokens } from "./tokens.ts";

/** Go allows 10,000 parentheses within each other; JavaScript's stack does not. */
const MAX_PARENS = 500;

export type PipelineParser = {
  /** A pipeline up to `end`, which is read as well. `context` is how errors call it. */
  pipeline(context: string, end: TokenKind): PipeNode;
  /** How many variables are known; `popTo` forgets those that came later. */
  mark(): number;
  popTo(mark: number): void;
};

/** Pipelines of one tree: which variables are known is looked at while parsing. */
export function createPipelineParser(tokens: Tokens, hasFunction: (name: string) => boolean): PipelineParser {
  const variables = ["$"];
  let parens = 0;

  const pipeline = (context: string, end: TokenKind): PipeNode => {
    const at = tokens.peekNonSpace().at;
    const { declared, isAssignment } = declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = tokens.nextNonSpace();
      if (token.kind === end) {
        check(commands, context);
        return { kind: "pipe", at, isAssignment, declared, commands };
      }
      if (!STARTS_COMMAND.has(token.kind)) tokens.unexpected(token, context);
      tokens.backup();
      commands.push(command());
    }
  };

  /** `$x :=`, `$x =`, and in a range `$i, $x :=`. */
  const declarations = (context: string): { readonly declared: readonly VariableNode[]; readonly isAssignment: boolean } => {
    const declared: VariableNode[] = [];
    for (;;) {
      const variable = tokens.peekNonSpace();
      if (variable.kind !== "variable") return { declared, isAssignment: false };
      tokens.next();
      const after = tokens.peek();
      const next = tokens.peekNonSpace();
      const declare = (): void => {
        tokens.nextNonSpace();
        declared.push(variableNode(variable.at, variable.text));
        variables.push(variable.text);
      };
      if (next.kind === "assign" || next.kind === "declare") {
        declare();
        return { declared, isAssignment: next.kind === "assign" };
      }
      if (next.kind !== "char" || next.text !== ",") {
        if (after.kind === "space") tokens.backupBefore(variable, after);
        else tokens.backupBefore(variable);
        return { declared, isAssignment: false };
      }
      declare();
      if (context !== "range" || declared.length >= 2) tokens.fail(`too many declarations in ${context}`);
      if (!["variable", "rightDelim", "rightParen"].includes(tokens.peekNonSpace().kind)) tokens.fail("range can only initialize variables");
    }
  };

  const check = (commands: readonly CommandNode[], context: string): void => {
    if (commands.length === 0) tokens.fail(`missing value for ${context}`);
    commands.forEach(({ args }, index) => {
      const isValue = ["bool", "dot", "nil", "number", "string"].includes(args[0]?.kind ?? "");
      if (index > 0 && isValue) tokens.fail(`non executable command in pipeline stage ${index + 1}`);
    });
  };

  const command = (): CommandNode => {
    const at = tokens.peekNonSpace().at;
    const args: ArgNode[] = [];
    for (;;) {
      tokens.peekNonSpace();
      const node = operand();
      if (node !== undefined) args.push(node);
      const token = tokens.next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelim" || token.kind === "rightParen") tokens.backup();
      else if (token.kind !== "pipe") tokens.unexpected(token, "operand");
      break;
    }
    if (args.length === 0) tokens.fail("empty command");
    return { kind: "command", at, args };
  };

  /** A term with the fields behind it. */
  const operand = (): ArgNode | undefined => {
    const node = term();
    if (node === undefined || tokens.peek().kind !== "field") return node;
    const at = tokens.peek().at;
    const names: string[] = [];
    while (tokens.peek().kind === "field") names.push(tokens.next().text.slice(1));
    switch (node.kind) {
      // A field of a field is one field, at the place of the later one.
      case "field":
      case "variable":
        return { kind: node.kind, at, names: [...node.names, ...names] };
      case "pipe":
      case "identifier":
      case "chain":
        return { kind: "chain", at, of: node, names };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return tokens.fail(`unexpected . after term ${quote(printNode(node))}`);
    }
  };

  const term = (): ArgNode | undefined => {
    const token = tokens.nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        if (!hasFunction(text)) tokens.fail(`function ${quote(text)} not defined`);
        return { kind: "identifier", at, name: text };
      case "dot":
      case "nil":
        return { kind: token.kind, at };
      case "variable":
        return knownVariable(at, text);
      case "field":
        return { kind: "field", at, names: [text.slice(1)] };
      case "bool":
        return { kind: "bool", at, value: text === "true" };
      case "charConstant":
      case "complex":
      case "number": {
        const number = parseNumber(at, text, token.kind);
        return typeof number === "string" ? tokens.fail(number) : number;
      }
      case "leftParen":
        return parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", at, quoted: text, text: unquote(text) ?? tokens.fail("invalid syntax") };
      default:
        tokens.backup();
        return undefined;
    }
  };

  const parenthesized = (): PipeNode => {
    if (parens >= MAX_PARENS) tokens.fail("max expression depth exceeded");
    parens++;
    const pipe = pipeline("parenthesized pipeline", "rightParen");
    parens--;
    return pipe;
  };

  const knownVariable = (at: number, name: string): VariableNode => {
    if (!variables.includes(name)) tokens.fail(`undefined variable ${quote(name)}`);
    return variableNode(at, name);
  };

  return {
    pipeline,
    mark: () => variables.length,
    popTo: (mark) => {
      variables.length = mark;
    },
  };
}

const variableNode = (at: number, name: string): VariableNode => ({ kind: "variable", at, names: [name] });

const STARTS_COMMAND: ReadonlySet<TokenKind> = new Set([
  "bool",
  "charConstant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);
