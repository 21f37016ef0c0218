import { quote } from "../../text/quote.ts";
import { printed } from "../go/print-value.ts";
import { isTrue } from "../go/truth.ts";
import { compilePipe } from "./compile-pipeline.ts";
import { compileRange } from "./compile-range.ts";
import type { ActionNode, BranchNode, ListNode, Node, TemplateNode } from "./nodes.ts";
import { createState, type Found, fail, markVariables, type Program, popVariables, type Template, write } from "./state.ts";

/** A template as a function that writes into the state. Source: text/template, walk. */
export function compileList({ nodes }: ListNode): Program {
  const steps = nodes.map(compileNode);
  return (state) => {
    state.environment.budget.steps(steps.length);
    for (let index = 0; index < steps.length; index++) {
      const signal = steps[index]?.(state) ?? "next";
      if (signal !== "next") return signal;
    }
    return "next";
  };
}

function compileNode(node: Node): Program {
  switch (node.kind) {
    case "text":
      return (state) => {
        write(state, node.text);
        return "next";
      };
    case "action":
      return compileAction(node);
    case "if":
    case "with":
      return compileBranch(node);
    case "range":
      return compileRange(node, compileList);
    case "template":
      return compileTemplate(node);
    case "break":
    case "continue":
      return () => node.kind;
  }
}

function compileAction(node: ActionNode): Program {
  const evaluate = compilePipe(node.pipe);
  if (node.pipe.declared.length > 0) {
    return (state) => {
      evaluate(state);
      return "next";
    };
  }
  return (state) => {
    const value = evaluate(state);
    state.node = node;
    const text = textOf(value);
    // To print a large value takes time, to write a text that is there takes none.
    if (typeof value === "object") state.environment.budget.steps(text.length >> 2);
    write(state, text);
    return "next";
  };
}

/** What an action writes. Helm takes the words of absent values out of its output again. */
function textOf(value: Found): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "<no value>";
  return printed(typeof value === "object" && value.go === "pointer" && value.to !== null ? value.to : value);
}

function compileBranch(node: BranchNode): Program {
  const evaluate = compilePipe(node.pipe);
  const list = compileList(node.list);
  const otherwise = node.otherwise === undefined ? undefined : compileList(node.otherwise);
  const setsDot = node.kind === "with";
  return (state) => {
    const mark = markVariables(state);
    const value = evaluate(state);
    let signal: ReturnType<Program> = "next";
    if (!isTrue(value)) signal = otherwise?.(state) ?? "next";
    else if (setsDot) {
      const { dot, isDotInterface } = state;
      state.dot = value;
      state.isDotInterface = false;
      signal = list(state);
      state.dot = dot;
      state.isDotInterface = isDotInterface;
    } else signal = list(state);
    popVariables(state, mark);
    return signal;
  };
}

/** `{{ template "name" . }}`: no variables go with it. Source: text/template, walkTemplate. */
function compileTemplate(node: TemplateNode): Program {
  const evaluate = node.pipe === undefined ? () => undefined : compilePipe(node.pipe);
  return (state) => {
    state.node = node;
    const template = state.environment.lookup(node.name) ?? fail(state, `template ${quote(node.name)} not defined`);
    const { budget } = state.environment;
    if (budget.depth >= budget.limits.depth) fail(state, `exceeded maximum template depth (${budget.limits.depth})`);
    const inner = createState(state.environment, template, evaluate(state));
    budget.depth++;
    programOf(template)(inner);
    budget.depth--;
    state.output += inner.output;
    return "next";
  };
}

/** Most templates of a library are never used: each is compiled when it is. */
export function programOf(template: Template): Program {
  template.program ??= compileList(template.root);
  return template.program;
}
