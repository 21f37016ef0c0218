import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const ENGINE = new URL("../../../../layers/engine/", import.meta.url);

/** All that a module brings along at run time: `import type` and `type` members are gone by then. */
function closure(file: URL, seen = new Map<string, readonly string[]>()): ReadonlyMap<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const statements = [...readFileSync(file, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)";/gms)];
  const targets = statements.filter(([statement]) => !isTypesOnly(statement)).flatMap(([, target]) => (target === undefined ? [] : [target]));
  seen.set(
    file.href,
    targets.filter((target) => !target.startsWith(".")),
  );
  for (const target of targets.filter((name) => name.startsWith("."))) closure(new URL(target, file), seen);
  return seen;
}

const isTypesOnly = (statement: string): boolean => {
  const members = /^(?:import|export) \{([^}]*)\}/
    .exec(statement)?.[1]
    ?.split(",")
    .filter((member) => member.trim() !== "");
  return members !== undefined && members.length > 0 && members.every((member) => member.trim().startsWith("type "));
};

it.each(["flux/parse.ts", "flux/kinds.ts"])("%s brings no validator along, nor any other package", (path) => {
  const packages = [...closure(new URL(path, ENGINE)).values()].flat();
  expect(packages).toEqual([]);
});

it("finds the packages of a module that has some", () => {
  expect([...closure(new URL("flux/crds.ts", ENGINE)).values()].flat()).toContain("typebox");
});
