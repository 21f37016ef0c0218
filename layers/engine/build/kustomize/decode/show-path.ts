/** A way through a document as messages show it: `patches[0].target.kind`. */
export const showPath = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
