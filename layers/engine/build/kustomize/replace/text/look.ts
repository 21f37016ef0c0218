/** How something was written: with which quotes, in which form, with which comments. */
export type Look = {
  readonly style: "plain" | "single" | "double" | "literal" | "folded" | "block" | "flow";
  /** Lines of comments before it, each with its `#`; "" is an empty line. */
  readonly head: readonly string[];
  /** The comment behind it on its line. */
  readonly line: string;
  /** Comments at the end of a map or list. */
  readonly foot: readonly string[];
  /** An anchor (`&name `) and a tag (`!!str `) before it; of an alias (`*name`) all there is. */
  readonly prefix: string;
};

export const PLAIN_LOOK: Look = { style: "plain", head: [], line: "", foot: [], prefix: "" };
