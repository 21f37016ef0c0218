import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtInKinds, definition, kubernetesVersion } from "../kinds/kinds.ts";
import { isReview, messageName } from "./messages.ts";

/**
 * Writes messages.generated.json from the .proto files of the Go modules k8s.io/api and k8s.io/apimachinery, in the version of the table of kinds.
 * The modules must be in Go's module cache (test/support/kubernetes/assets puts them there).
 * Run: `node lib/local/sandbox/protobuf/generate.ts`.
 *
 * A field is written as `<number>: "<JSON name> <type>"`. Types: s string, b bytes, i integer, B boolean, d double, @Name a message; `[]` before it: repeated,
 * `{}`: a map of such values. The JSON name is missing where Go embeds the struct into the one around it.
 */
type Messages = { [name: string]: { [number: string]: string } };

const SCALARS: { readonly [type: string]: string } = { string: "s", bytes: "b", bool: "B", double: "d", int32: "i", int64: "i", uint32: "i", uint64: "i" };
const META = "k8s.io.apimachinery.pkg.apis.meta.v1";

function readMessages(file: string): Messages {
  const text = readFileSync(file, "utf8").replaceAll(/^\s*\/\/.*$/gm, "");
  const packageName = /^package ([\w.]+);/m.exec(text)?.[1] ?? "";
  const messages: Messages = {};
  for (const [, name = "", body = ""] of text.matchAll(/^message (\w+) \{(.*?)^\}/gms)) {
    const fields: { [number: string]: string } = {};
    for (const [, label = "", type = "", field = "", number = ""] of body.matchAll(/^\s+(?:(optional|repeated) )?([\w.<>, ]+?) (\w+) = (\d+);/gm)) {
      const map = /^map<string, (.+)>$/.exec(type);
      const code = map === null ? `${label === "repeated" ? "[]" : ""}${codeOf(type, packageName)}` : `{}${codeOf(map[1] ?? "", packageName)}`;
      fields[number] = `${isEmbedded(`${packageName}.${name}`, field, code) ? "" : field} ${code}`;
    }
    messages[`${packageName}.${name}`] = fields;
  }
  return messages;
}

function codeOf(type: string, packageName: string): string {
  const scalar = SCALARS[type];
  if (scalar !== undefined) return scalar;
  return `@${type.startsWith(".") ? type.slice(1) : `${packageName}.${type}`}`;
}

/** A message field that OpenAPI does not know stands for a struct without a JSON name of its own. */
function isEmbedded(message: string, field: string, code: string): boolean {
  if (!code.startsWith("@")) return false;
  const properties = definition(message.replace(/^k8s\.io\./, "io.k8s."))?.properties;
  return properties !== undefined && !Object.hasOwn(properties, field);
}

function reachable(messages: Messages, roots: readonly string[]): Messages {
  const found: Messages = {};
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const fields = messages[name];
    if (fields === undefined || found[name] !== undefined) continue;
    found[name] = fields;
    for (const field of Object.values(fields)) {
      const inner = field.slice(field.indexOf("@") + 1);
      if (field.includes("@")) open.push(inner);
    }
  }
  return Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function main(): void {
  const cache = execFileSync("go", ["env", "GOMODCACHE"], { encoding: "utf8" }).trim();
  const version = kubernetesVersion().replace(/^v1\./, "v0.");
  const folder = (module: string): string => join(cache, "k8s.io", `${module}@${version}`);
  const files = [
    ...["pkg/apis/meta/v1", "pkg/api/resource", "pkg/util/intstr", "pkg/runtime"].map((path) => join(folder("apimachinery"), path, "generated.proto")),
    ...[
      ...new Set(
        builtInKinds().map(({ group, version: served }) =>
          messageName(group, served, "")
            .replace(/^k8s\.io\.api\.|\.$/g, "")
            .replace(".", "/"),
        ),
      ),
    ]
      .filter((path) => !path.startsWith("apiextensions") && !path.startsWith("apiregistration"))
      .map((path) => join(folder("api"), path, "generated.proto")),
  ];
  const messages: Messages = Object.assign({}, ...files.map(readMessages));
  const roots = [
    ...builtInKinds().map(({ group, version: served, kind }) => messageName(group, served, kind)),
    ...Object.keys(messages).filter(isReview),
    `${META}.DeleteOptions`,
  ];
  const target = new URL("messages.generated.json", import.meta.url);
  writeFileSync(target, `${JSON.stringify(reachable(messages, roots), undefined, 1)}\n`);
}

main();
