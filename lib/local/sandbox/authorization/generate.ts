import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/**
 * Writes bootstrap.generated.json out of a running API server: the default roles and bindings, as it made them itself.
 *
 *     KUBECONFIG=<a fresh cluster> node lib/local/sandbox/authorization/generate.ts [kubectl]
 */
const kubectl = process.argv[2] ?? "kubectl";
const kinds = "clusterroles,clusterrolebindings,roles,rolebindings";
const label = "kubernetes.io/bootstrapping=rbac-defaults";
const text = execFileSync(kubectl, ["get", kinds, "--all-namespaces", `--selector=${label}`, "--output=json"], { encoding: "utf8", maxBuffer: 2 ** 26 });
const { items } = JSON.parse(text);
for (const item of items) {
  const { name, namespace, labels, annotations } = item.metadata;
  item.metadata = { name, namespace, labels, annotations };
}
const target = new URL("bootstrap.generated.json", import.meta.url);
writeFileSync(target, `[\n${items.map((item: unknown) => JSON.stringify(item)).join(",\n")}\n]\n`);
