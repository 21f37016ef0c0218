import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** What a Go struct tag and type say about one JSON field, and no OpenAPI document does. */
export type GoField = {
  readonly pointer: boolean;
  /** `omitempty`: left out when empty; a struct that is not a pointer never is. */
  readonly omitEmpty: boolean;
  /** `omitzero`: left out when zero, structs too. */
  readonly omitZero: boolean;
};

type GoStruct = { readonly fields: ReadonlyMap<string, GoField>; readonly inlined: readonly string[] };
export type GoTypes = { fieldOf(definition: string, field: string): GoField | undefined };

/** OpenAPI names are Go packages written backwards: `io.k8s.api.apps.v1.Deployment`. */
const modules: readonly (readonly [prefix: string, module: string])[] = [
  ["io.k8s.api.", "k8s.io/api"],
  ["io.k8s.apimachinery.", "k8s.io/apimachinery"],
  ["io.k8s.apiextensions-apiserver.", "k8s.io/apiextensions-apiserver"],
  ["io.k8s.kube-aggregator.", "k8s.io/kube-aggregator"],
];

/** Where Go keeps the modules that the API server was built from (test/support/kubernetes/assets puts them there). */
function moduleCache(): string {
  try {
    return execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
  } catch {
    return join(homedir(), "go/pkg/mod");
  }
}

function parseStructs(source: string): Map<string, GoStruct> {
  const structs = new Map<string, GoStruct>();
  for (const match of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = new Map<string, GoField>();
    const inlined: string[] = [];
    for (const line of (match[2] ?? "").split("\n")) {
      const field = /^\t(?:\w+\s+)?(\S+)\s+`.*?json:"([^"]*)"/.exec(line);
      if (field === null) continue;
      const [name = "", ...options] = (field[2] ?? "").split(",");
      const type = field[1] ?? "";
      if (name === "" && options.includes("inline")) inlined.push(type.replace(/^\*?(?:\w+\.)?/, ""));
      else fields.set(name, { pointer: type.startsWith("*"), omitEmpty: options.includes("omitempty"), omitZero: options.includes("omitzero") });
    }
    structs.set(match[1] ?? "", { fields, inlined });
  }
  return structs;
}

/**
 * Reads the Go types that a server of `gitVersion` ("v1.35.4") was built from. Throws when their sources are not on this machine.
 * They alone know which fields are pointers, so that `replicas: 0` stays and `minReadySeconds: 0` goes.
 */
export function readGoTypes(gitVersion: string, cache = moduleCache()): GoTypes {
  const version = gitVersion.replace(/^v1\./, "v0.");
  const packages = new Map<string, Map<string, GoStruct>>();
  const structsOf = (definition: string): Map<string, GoStruct> => {
    const [prefix, module] = modules.find(([start]) => definition.startsWith(start)) ?? ["", ""];
    const folder = join(cache, `${module}@${version}`, ...definition.slice(prefix.length).split(".").slice(0, -1));
    const known = packages.get(folder);
    if (known !== undefined) return known;
    if (module === "" || !existsSync(folder))
      throw new Error(`no Go sources of ${definition} in ${module}@${version}: build the API server first (test/support/kubernetes/assets)`);
    const files = readdirSync(folder).filter(
      (file) => file.endsWith(".go") && !file.endsWith("_test.go") && !file.startsWith("zz_") && !file.startsWith("generated"),
    );
    const structs = parseStructs(files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n"));
    packages.set(folder, structs);
    return structs;
  };
  const find = (structs: Map<string, GoStruct>, type: string, field: string): GoField | undefined => {
    const struct = structs.get(type);
    if (struct === undefined) return undefined;
    const own = struct.fields.get(field);
    if (own !== undefined) return own;
    // TypeMeta is of another package.
    if (struct.inlined.includes("TypeMeta") && (field === "apiVersion" || field === "kind")) return { pointer: false, omitEmpty: true, omitZero: false };
    return struct.inlined.map((inner) => find(structs, inner, field)).find((found) => found !== undefined);
  };
  return { fieldOf: (definition, field) => find(structsOf(definition), definition.slice(definition.lastIndexOf(".") + 1), field) };
}
