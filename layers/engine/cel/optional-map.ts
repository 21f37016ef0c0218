import { EvaluationError, Optional } from "@marcbachmann/cel-js";
import { type Evaluator, isNode, type Node } from "./nodes.ts";

type Type = { readonly kind: string; readonly valueType?: Type };
type Context = {
  forkWithVariable(name: string, type: Type): Context;
  reuse(context: Context): Context;
  setIterValue(value: unknown, evaluator: Evaluator): Context;
};
type Checker = { check(node: Node, context: Context): Type; getType(name: string): Type; readonly registry: { getOptionalType(type: Type): Type } };

/** The macros `optMap(name, expression)` and `optFlatMap`: the expression over what an optional value holds, if anything. Source: cel-go cel/library.go. */
export function optionalMap(flat: boolean) {
  return ({ args, receiver }: { readonly args: readonly unknown[]; readonly receiver: unknown }) => {
    const [variable, body] = args;
    if (!isNode(variable) || variable.op !== "id" || typeof variable.args !== "string" || !isNode(body) || !isNode(receiver))
      throw new EvaluationError({ code: "invalid_macro_argument", message: "optMap() variable name must be a simple identifier" });
    const name = variable.args;
    let inner: Context | undefined;
    return {
      typeCheck(checker: Checker, _: unknown, context: Context): Type {
        const given = checker.check(receiver, context);
        inner = context.forkWithVariable(name, given.kind === "optional" && given.valueType !== undefined ? given.valueType : checker.getType("dyn"));
        const made = checker.check(body, inner);
        return flat ? made : checker.registry.getOptionalType(made);
      },
      evaluate(evaluator: Evaluator, _: unknown, context: Context): unknown {
        const given = evaluator.run(receiver, context);
        if (!(given instanceof Optional) || inner === undefined) throw new EvaluationError({ code: "no_such_overload", message: "no such overload" });
        if (!given.hasValue()) return given;
        const made = evaluator.run(body, inner.reuse(context).setIterValue(given.value(), evaluator));
        return flat ? made : Optional.of(made);
      },
    };
  };
}
