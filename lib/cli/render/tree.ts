/** A node with what hangs below it; `text` is one line. */
export type TextTree = { readonly text: string; readonly below: readonly TextTree[] };

/** The tree with one node a line, in the branches of reference 6.9. It walks without recursion: an inventory may name many levels. */
export function renderTree(root: TextTree): string {
  const lines = [root.text];
  const open = root.below.map((node, index): Pending => ({ node, prefix: "", last: index === root.below.length - 1 })).toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, prefix, last } = next;
    lines.push(`${prefix}${last ? "└── " : "├── "}${node.text}`);
    const inner = `${prefix}${last ? "    " : "│   "}`;
    open.push(...node.below.map((child, index): Pending => ({ node: child, prefix: inner, last: index === node.below.length - 1 })).toReversed());
  }
  return `${lines.join("\n")}\n`;
}

type Pending = { readonly node: TextTree; readonly prefix: string; readonly last: boolean };
