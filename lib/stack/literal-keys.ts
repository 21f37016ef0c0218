import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/**
 * Lets esbuild leave out what the SDK's clients know of operations that nobody calls. Their schemas are objects whose keys are written as `[_n]`, with
 * `const _n = "name"` at the head of the file; for all that esbuild knows, making such a key may have an effect, so it keeps each schema of all operations:
 * of S3's client alone 54 KiB, which a cold start would read. With the key itself in its place they are plain data that falls away when it is unused.
 */
export const literalKeys: Plugin = {
  name: "literal-keys",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => ({
      contents: writeLiteralKeys(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};

/** `code` with each computed key that is a constant text of the same file as that text. The one text that would mean something else as a key stays. */
export function writeLiteralKeys(code: string): string {
  const texts = new Map([...code.matchAll(/^const (\w+) = ("(?!__proto__")[^"\\\n]*");$/gm)].map(([, name, text]) => [name, text]));
  return code.replace(/(?<=[{,]\s*)\[(\w+)\](?=:)/g, (key, name: string) => texts.get(name) ?? key);
}
