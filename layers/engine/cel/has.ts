import { EvaluationError, Optional, TypeError as TypeProblem } from "@marcbachmann/cel-js";
import { callOf, type Evaluator, isNode, type Node } from "./nodes.ts";

type Checker = { check(node: Node, context: unknown): { readonly kind: string; readonly name: string }; getType(name: string): unknown };

/** The library's `has` takes names and fields only; CEL's takes a field of anything: `has(x.list[0].field)`. What is no field is refused as before. */
export function hasOverride(node: Node): void {
  const [selected] = callOf(node)?.given ?? [];
  if (selected?.op !== "." || !Array.isArray(selected.args)) return;
  const [operand, field] = selected.args;
  if (!isNode(operand) || typeof field !== "string") return;
  node.setMeta("macro", {
    async: false,
    typeCheck(checker: Checker, _: unknown, context: unknown): unknown {
      const type = checker.check(operand, context);
      if (!["dyn", "map", "optional", "message"].includes(type.kind))
        throw new TypeProblem({ code: "cannot_index_type", message: `Cannot index type '${type.name}'`, range: selected });
      return checker.getType("bool");
    },
    evaluate: (evaluator: Evaluator, _: unknown, context: unknown): boolean => hasField(evaluator.run(operand, context), field),
  });
}

function hasField(value: unknown, field: string): boolean {
  if (value instanceof Map) return value.has(field);
  if (value instanceof Optional) return value.hasValue() && hasField(value.value(), field);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) return Object.hasOwn(value, field);
  throw new EvaluationError({ code: "no_such_overload", message: "no such overload" });
}
