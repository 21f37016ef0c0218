import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeLiteralKeys } from "../../../../lib/stack/literal-keys.ts";

const HEAD = 'const _e = "error";\nconst _hE = "a-b";\nconst _p = "__proto__";\nconst n = 1;\n';

describe("writeLiteralKeys", () => {
  it.each<{ code: string; want: string }>([
    { code: "var a = { [_e]: _c, [_hE]: 400 };", want: 'var a = { "error": _c, "a-b": 400 };' },
    { code: "var a = {\n  [_e]: {[_hE]: 1}\n};", want: 'var a = {\n  "error": {"a-b": 1}\n};' },
    { code: "var a = { [_p]: 1 };", want: "var a = { [_p]: 1 };" },
    { code: "var a = { [n]: 1, [unknown]: 2, [_e + _e]: 3 };", want: "var a = { [n]: 1, [unknown]: 2, [_e + _e]: 3 };" },
    { code: "var a = [_e, [_e]];", want: "var a = [_e, [_e]];" },
  ])("$code", ({ code, want }) => expect(writeLiteralKeys(HEAD + code)).toBe(HEAD + want));

  it.each(["client-s3", "client-sqs", "client-secrets-manager"])("leaves the schemas of %s what they were", async (client) => {
    const main = createRequire(import.meta.url).resolve(`@aws-sdk/${client}`);
    const code = readFileSync(join(dirname(dirname(main)), "dist-es/schemas/schemas_0.js"), "utf8");
    const written = writeLiteralKeys(code);
    expect(written).not.toBe(code);
    expect(written).not.toMatch(/[{,]\s*\[_\w+\]:/);
    expect(schemasIn(written)).toEqual(schemasIn(code));
  });
});

/** What a file of schemas exports, with its imports left out: each error's class, and the registry that they are put into. */
function schemasIn(code: string): unknown {
  const names = [...code.matchAll(/^export var (\w+\$?) =/gm)].map(([, name]) => name);
  const imported = [...code.matchAll(/^import \{([^}]*)\}/gm)]
    .flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()))
    .filter((name) => name !== "");
  const stubs = imported.map((name) => `class ${name} { registerError() {} }`).join("\n");
  const body = code.replace(/^import .*$/gm, "").replace(/^export /gm, "");
  const read: unknown = new Function(
    `${stubs}\n${body}\nreturn JSON.stringify([${names.join(",")}], (_, value) => typeof value === "function" ? "lazy" : value);`,
  )();
  return read;
}
