import { ANY, type GoMethod, type GoType } from "../go/type.ts";
import type { GoValue } from "../go/value.ts";
import { canBeNil, constantOf, fit, fitConstant, nilOf } from "./arguments.ts";
import { type Argument, callFunction, callMethod, type Final, NONE } from "./call.ts";
import { evaluateFields, type FieldCall } from "./fields.ts";
import { type AnyNode, type ArgNode, type ChainNode, type CommandNode, type PipeNode, printNode, type VariableNode } from "./nodes.ts";
import { type Found, fail, indexOfVariable, pushVariable, type State, setVariable } from "./state.ts";

export type Expression = (state: State) => Found;
/** A command of a pipeline gets what the one before it came to. */
type Command = (state: State, final: Final) => Found;

/**
 * A pipeline as a function of the state. It declares its variables, and leaves them to who called.
 * Every function here sets `state.node` where Go's does: what is current then decides the place that an error names.
 */
export function compilePipe(pipe: PipeNode): Expression {
  const commands = pipe.commands.map(compileCommand);
  const { declared } = pipe;
  const [only] = commands;
  if (only !== undefined && commands.length === 1 && declared.length === 0) {
    return (state) => {
      state.node = pipe;
      return only(state, NONE) ?? undefined;
    };
  }
  return (state) => {
    state.node = pipe;
    let value: Final = NONE;
    // What lies in an interface {} is taken out; a nil in one is nothing then.
    for (const command of commands) value = command(state, value) ?? undefined;
    const found = value === NONE ? undefined : value;
    for (const variable of declared) declare(state, variable, pipe.isAssignment, found);
    return found;
  };
}

function declare(state: State, { names: [name = ""] }: VariableNode, isAssignment: boolean, value: Found): void {
  if (isAssignment) setVariable(state, indexOfVariable(state, name), value, false);
  else pushVariable(state, name, value);
}

/** Source: text/template, evalCommand. */
function compileCommand(command: CommandNode): Command {
  const [first, ...rest] = command.args;
  if (first === undefined) return () => undefined;
  const args = rest.map(compileArgument);
  switch (first.kind) {
    case "field":
    case "chain":
    case "variable":
      return compileFields(first, args, first);
    case "identifier":
      return (state, final) => {
        state.node = first;
        return callFunction(state, command, first.name, args, final);
      };
    case "pipe": {
      const evaluate = compilePipe(first);
      return (state, final) => {
        notAFunction(state, first, args, final);
        return evaluate(state);
      };
    }
    case "dot":
    case "nil":
    case "bool":
    case "number":
    case "string":
      return (state, final) => {
        state.node = first;
        notAFunction(state, first, args, final);
        if (first.kind === "dot") return state.dot;
        return first.kind === "nil" ? fail(state, "nil is not a command") : constantOf(state, first);
      };
  }
}

function notAFunction(state: State, node: ArgNode, args: readonly Argument[], final: Final): void {
  if (args.length > 0 || final !== NONE) fail(state, `can't give argument to non-function ${printNode(node)}`);
}

/** Fields of the dot, of a variable, or of what stands before them; `args` go to the last, which is a method then. */
function compileFields(node: Extract<ArgNode, { kind: "field" | "chain" | "variable" }>, args: readonly Argument[], place: AnyNode): Command {
  const names = node.kind === "variable" ? node.names.slice(1) : node.names;
  const withFinal = (final: Final): FieldCall => ({
    hasArguments: args.length > 0 || final !== NONE,
    call: (state: State, method: GoMethod, name: string, self: GoValue) => callMethod(state, place, name, method, self, args, final),
  });
  const plain = withFinal(NONE);
  const callWith = (final: Final): FieldCall => (final === NONE ? plain : withFinal(final));
  switch (node.kind) {
    case "field":
      return (state, final) => {
        state.node = node;
        return evaluateFields(state, state.dot, state.isDotInterface, names, callWith(final));
      };
    case "variable": {
      const [variable = ""] = node.names;
      return (state, final) => {
        state.node = node;
        const index = indexOfVariable(state, variable);
        if (names.length > 0) return evaluateFields(state, state.values[index], state.areInterfaces[index] === true, names, callWith(final));
        notAFunction(state, node, args, final);
        return state.values[index];
      };
    }
    case "chain": {
      const receiver = compileReceiver(node);
      const { of } = node;
      const isInterface = (state: State): boolean => of.kind === "identifier" && state.environment.functions.get(of.name)?.result.kind === "interface";
      return (state, final) => {
        state.node = node;
        const value = receiver(state);
        return evaluateFields(state, value, isInterface(state), names, callWith(final));
      };
    }
  }
}

function compileReceiver({ of }: ChainNode): Expression {
  if (of.kind === "pipe") {
    const evaluate = compilePipe(of);
    return (state) => evaluate(state);
  }
  const evaluate = compileArgument(of).evaluate;
  return (state) => evaluate(state, ANY);
}

/** Source: text/template, evalArg. */
export function compileArgument(node: ArgNode): Argument {
  switch (node.kind) {
    case "bool":
    case "number":
    case "string":
      return argument(node, (state, type) => fitConstant(state, node, type));
    case "dot":
      return argument(node, (state, type) => fit(state, state.dot, type));
    case "nil":
      return argument(node, (state, type) => (canBeNil(type) ? nilOf(type) : fail(state, `cannot assign nil to ${type.name}`)));
    case "field":
    case "chain":
    case "variable": {
      const evaluate = compileFields(node, [], node);
      return argument(node, (state, type) => fit(state, evaluate(state, NONE), type));
    }
    case "identifier":
      return argument(node, (state, type) => fit(state, callFunction(state, node, node.name, [], NONE), type));
    case "pipe": {
      const evaluate = compilePipe(node);
      return argument(node, (state, type) => fit(state, evaluate(state), type));
    }
  }
}

const argument = (node: ArgNode, evaluate: (state: State, type: GoType) => Found): Argument => ({
  node,
  evaluate: (state, type) => {
    state.node = node;
    return evaluate(state, type);
  },
});
