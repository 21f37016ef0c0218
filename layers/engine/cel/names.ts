import { callOf, childrenOf, isNode, type Node } from "./nodes.ts";
import { offsetOf } from "./offset-of.ts";
import type { SourceError } from "./syntax/source-error.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What cel-go's standard library and the extensions of Flux's environment can be called; everything else is undeclared there. */
const FUNCTIONS = words(
  "size startsWith endsWith contains re2_matches matches timestamp duration getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds " +
    "getMinutes getMonth getSeconds type int uint double string bytes bool dyn has all exists exists_one map filter charAt format indexOf join lastIndexOf lowerAscii " +
    "replace reverse split substring trim upperAscii hasValue value or orValue optMap optFlatMap first last unwrapOpt",
);
const IN_NAMESPACES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["sets", words("contains equivalent intersects")],
  ["base64", words("encode decode")],
  ["strings", words("quote")],
  ["optional", words("of none ofNonZeroValue unwrap")],
]);
const TYPES = words("int uint double bool string bytes list map null_type type google");
/** Macros of a list or map: the first argument is a name for the others. */
const MACROS = words("all exists exists_one map filter optMap optFlatMap");

/** Each name and function that is not known, in the order of the text. */
export function findUndeclared(root: Node, variables: readonly string[]): readonly SourceError[] {
  const found: SourceError[] = [];
  const declared = new Set(variables);
  const open: { readonly node: Node; readonly scope: ReadonlySet<string> }[] = [{ node: root, scope: declared }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, scope } = next;
    const miss = (name: string, offset: number): void => void found.push({ offset, message: `undeclared reference to '${name}' (in container '')` });
    const visit = (nodes: readonly Node[], inner: ReadonlySet<string>): void => void open.push(...nodes.map((one) => ({ node: one, scope: inner })));
    if (node.op === "id" && typeof node.args === "string" && !scope.has(node.args) && !TYPES.has(node.args)) miss(node.args, node.pos);
    const call = callOf(node);
    if (call === undefined) {
      visit(childrenOf(node.args), scope);
      continue;
    }
    const { name, receiver, given } = call;
    if (isInNamespace(receiver, name, scope)) {
      visit(given, scope);
      continue;
    }
    if (!FUNCTIONS.has(name)) miss(name, offsetOf(node));
    if (receiver !== undefined) visit([receiver], scope);
    const [variable, ...rest] = given;
    if (receiver !== undefined && MACROS.has(name) && variable?.op === "id" && typeof variable.args === "string")
      visit(rest, new Set([...scope, variable.args]));
    else visit(given, scope);
  }
  return found;
}

const isInNamespace = (receiver: Node | undefined, name: string, scope: ReadonlySet<string>): boolean =>
  isNode(receiver) &&
  receiver.op === "id" &&
  typeof receiver.args === "string" &&
  !scope.has(receiver.args) &&
  IN_NAMESPACES.get(receiver.args)?.has(name) === true;
