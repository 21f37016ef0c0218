import { type Allowance, createAllowance } from "../../cel/allowance.ts";
import { isTrue } from "../../domain/condition.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import { type HelmRelease, parseHelmRelease } from "../../flux/helm-release-object.ts";
import type { Dependency } from "../../flux/kustomization-object.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** Why the HelmRelease cannot go on: what will come right by itself, or `terminal`, an expression that never can be evaluated. */
export type Unready = { readonly kind: "waiting" | "terminal"; readonly message: string };

/** Why the first dependency that is not ready is not, or undefined when all are; a `readyExpr` decides alone. Source: reference 3.4 step 5, 2.4. */
export async function findUnready(cluster: Pick<Cluster, "get">, object: HelmRelease, allowance: Allowance = createAllowance()): Promise<Unready | undefined> {
  for (const dependency of object.spec.dependsOn) {
    const unready = await unreadiness({ cluster, allowance }, object, dependency);
    if (unready !== undefined) return unready;
  }
  return undefined;
}

async function unreadiness(
  { cluster, allowance }: { readonly cluster: Pick<Cluster, "get">; readonly allowance: Allowance },
  object: HelmRelease,
  { name, namespace, readyExpr }: Dependency,
): Promise<Unready | undefined> {
  const answer = await cluster.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name });
  const place = `'${namespace}/${name}'`;
  if (answer.kind !== "found") return waiting(`unable to get ${place} dependency: ${answer.message}`);
  if (readyExpr !== undefined && readyExpr !== "") return byExpression({ text: readyExpr, allowance, name, place }, object, answer.object);
  const parsed = parseHelmRelease(answer.object);
  return parsed.ok && isReady(parsed.value) ? undefined : waiting(`dependency ${place} is not ready`);
}

const waiting = (message: string): Unready => ({ kind: "waiting", message });

type ReadyExpression = { readonly text: string; readonly allowance: Allowance; readonly name: string; readonly place: string };

async function byExpression({ text, allowance, name, place }: ReadyExpression, self: HelmRelease, dep: Manifest): Promise<Unready | undefined> {
  const { compileExpression } = await import("../../cel/expression.ts"); // a cold start does not wait for CEL
  const compiled = compileExpression(text, { variables: ["self", "dep"], result: "bool", allowance });
  if (!compiled.ok) return { kind: "terminal", message: `terminal error: failed to evaluate dependency ${name}: ${compiled.problem}` };
  const answer = compiled.value.evaluate({ self: jsonOf(self.manifest), dep: jsonOf(dep) });
  if (answer.kind === "failed") return waiting(answer.message);
  return answer.value ? undefined : waiting(`dependency ${place} is not ready according to readyExpr eval`);
}

const isReady = ({ metadata, status }: HelmRelease): boolean => metadata.generation === status.observedGeneration && isTrue(status.conditions ?? [], "Ready");
