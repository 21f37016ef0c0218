import { quote } from "../../text/quote.ts";
import type { NumberNode } from "./number-node.ts";

/** What a template is once it is parsed. `at` is the place in the text that errors name. */
export type ListNode = { readonly kind: "list"; readonly nodes: readonly Node[] };

export type Node = TextNode | ActionNode | BranchNode | RangeNode | TemplateNode | LoopNode;

export type TextNode = { readonly kind: "text"; readonly at: number; readonly text: string };
export type ActionNode = { readonly kind: "action"; readonly at: number; readonly pipe: PipeNode };
export type BranchNode = { readonly kind: "if" | "with"; readonly at: number } & Branches;
export type RangeNode = { readonly kind: "range"; readonly at: number } & Branches;
/** `{{ template "name" pipe }}`; a block is one, too. */
export type TemplateNode = { readonly kind: "template"; readonly at: number; readonly name: string; readonly pipe: PipeNode | undefined };
export type LoopNode = { readonly kind: "break" | "continue"; readonly at: number };

type Branches = { readonly pipe: PipeNode; readonly list: ListNode; readonly otherwise: ListNode | undefined };

export type PipeNode = {
  readonly kind: "pipe";
  readonly at: number;
  /** `=`, not `:=`. */
  readonly isAssignment: boolean;
  readonly declared: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
};
/** The first of `args` is the function, or the only value. */
export type CommandNode = { readonly kind: "command"; readonly at: number; readonly args: readonly ArgNode[] };

export type ArgNode = PipeNode | IdentifierNode | VariableNode | FieldNode | ChainNode | NumberNode | StringNode | BoolNode | DotNode | NilNode;

export type IdentifierNode = { readonly kind: "identifier"; readonly at: number; readonly name: string };
/** `$x.a.b`: the variable and fields. */
export type VariableNode = { readonly kind: "variable"; readonly at: number; readonly names: readonly string[] };
export type FieldNode = { readonly kind: "field"; readonly at: number; readonly names: readonly string[] };
/** `(pipe).a.b` or `function.a`. */
export type ChainNode = { readonly kind: "chain"; readonly at: number; readonly of: PipeNode | IdentifierNode | ChainNode; readonly names: readonly string[] };
export type StringNode = { readonly kind: "string"; readonly at: number; readonly quoted: string; readonly text: string };
export type BoolNode = { readonly kind: "bool"; readonly at: number; readonly value: boolean };
export type DotNode = { readonly kind: "dot"; readonly at: number };
export type NilNode = { readonly kind: "nil"; readonly at: number };

export type AnyNode = Node | ArgNode | CommandNode;

/** The node as errors show it: as it was written, but for spaces and comments. */
export function printNode(node: AnyNode | ListNode): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(printNode).join("");
    case "text":
    case "number":
      return node.text;
    case "action":
      return `{{${printNode(node.pipe)}}}`;
    case "if":
    case "with":
    case "range": {
      const otherwise = node.otherwise === undefined ? "" : `{{else}}${printNode(node.otherwise)}`;
      return `{{${node.kind} ${printNode(node.pipe)}}}${printNode(node.list)}${otherwise}{{end}}`;
    }
    case "template":
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${printNode(node.pipe)}`}}}`;
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "pipe": {
      const declared = node.declared.map(printNode).join(", ");
      const sign = node.declared.length === 0 ? "" : node.isAssignment ? " = " : " := ";
      return declared + sign + node.commands.map(printNode).join(" | ");
    }
    case "command":
      return node.args.map(inParens).join(" ");
    case "identifier":
      return node.name;
    case "variable":
      return node.names.join(".");
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "chain":
      return inParens(node.of) + node.names.map((name) => `.${name}`).join("");
    case "string":
      return node.quoted;
    case "bool":
      return String(node.value);
    case "dot":
      return ".";
    case "nil":
      return "nil";
  }
}

const inParens = (node: ArgNode): string => (node.kind === "pipe" ? `(${printNode(node)})` : printNode(node));

/** Nothing but space and definitions: such a template does not replace one that has a body. */
export const isEmptyTree = (list: ListNode): boolean => list.nodes.every((node) => node.kind === "text" && node.text.trim() === "");
