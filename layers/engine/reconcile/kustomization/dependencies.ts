import { type Allowance, createAllowance } from "../../cel/allowance.ts";
import { findCondition } from "../../domain/condition.ts";
import type { Manifest } from "../../domain/manifest.ts";
import { jsonOf } from "../../domain/manifest-json.ts";
import { type Dependency, type Kustomization, parseKustomization } from "../../flux/kustomization-object.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** Why the Kustomization cannot go on: what will come right by itself, or `terminal`, an expression that never can be evaluated. */
export type Unready = { readonly kind: "waiting" | "terminal"; readonly message: string };

/**
 * Why the first dependency that is not ready is not, or undefined when all are. One with the same source must have applied
 * the revision that is about to be applied; a `readyExpr` decides alone. Source: reference 2.4. `allowance`: what those may do.
 */
export async function findUnready(
  cluster: Pick<Cluster, "get">,
  object: Kustomization,
  revision: string,
  allowance: Allowance = createAllowance(),
): Promise<Unready | undefined> {
  for (const dependency of object.spec.dependsOn ?? []) {
    const unready = await unreadiness({ cluster, allowance }, object, dependency, revision);
    if (unready !== undefined) return unready;
  }
  return undefined;
}

async function unreadiness(
  { cluster, allowance }: { readonly cluster: Pick<Cluster, "get">; readonly allowance: Allowance },
  object: Kustomization,
  { name, namespace, readyExpr }: Dependency,
  revision: string,
): Promise<Unready | undefined> {
  const answer = await cluster.get({ apiVersion: object.apiVersion, kind: object.kind, namespace, name });
  const said = `dependency '${namespace}/${name}'`;
  if (answer.kind !== "found") return waiting(`${said} not found: ${answer.message}`);
  if (readyExpr !== undefined && readyExpr !== "") return byExpression({ text: readyExpr, allowance, name, said }, object, answer.object);
  const parsed = parseKustomization(answer.object);
  if (!parsed.ok || !isReady(parsed.value)) return waiting(`${said} is not ready`);
  const isBehind = hasSameSource(object, parsed.value) && parsed.value.status.lastAppliedRevision !== revision;
  return isBehind ? waiting(`${said} revision is not up to date`) : undefined;
}

const waiting = (message: string): Unready => ({ kind: "waiting", message });

type ReadyExpression = { readonly text: string; readonly allowance: Allowance; readonly name: string; readonly said: string };

async function byExpression({ text, allowance, name, said }: ReadyExpression, self: Kustomization, dep: Manifest): Promise<Unready | undefined> {
  const { compileExpression } = await import("../../cel/expression.ts"); // a cold start does not wait for CEL
  const compiled = compileExpression(text, { variables: ["self", "dep"], result: "bool", allowance });
  if (!compiled.ok) return { kind: "terminal", message: `terminal error: failed to evaluate dependency ${name}: ${compiled.problem}` };
  const answer = compiled.value.evaluate({ self: jsonOf(self.manifest), dep: jsonOf(dep) });
  if (answer.kind === "failed") return waiting(answer.message);
  return answer.value ? undefined : waiting(`${said} is not ready according to readyExpr eval`);
}

const isReady = ({ metadata, status }: Kustomization): boolean =>
  metadata.generation === status.observedGeneration && findCondition(status.conditions ?? [], "Ready")?.status === "True";

function hasSameSource(a: Kustomization, b: Kustomization): boolean {
  const [left, right] = [a, b].map(({ metadata, spec: { sourceRef } }) => `${sourceRef.kind}/${sourceRef.namespace ?? metadata.namespace}/${sourceRef.name}`);
  return left === right;
}
