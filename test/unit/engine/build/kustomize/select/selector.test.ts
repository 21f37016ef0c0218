import { expect, it } from "vitest";
import type { Selector } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import { newResource, type PreviousName, type Resource } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import type { Schema } from "../../../../../../layers/engine/build/kustomize/schema/schema.ts";
import { selectResources } from "../../../../../../layers/engine/build/kustomize/select/selector.ts";
import { compileTargetSelector } from "../../../../../../layers/engine/build/kustomize/select/target-selector.ts";

const schema: Schema = { isNamespaced: (_, kind) => kind !== "Namespace", of: () => undefined };
const selector = (parts: Partial<Selector>): Selector => ({
  group: "",
  version: "",
  kind: "",
  name: "",
  namespace: "",
  labelSelector: "",
  annotationSelector: "",
  ...parts,
});

function resource(apiVersion: string, kind: string, metadata: Record<string, string | Record<string, string>>, ...previous: PreviousName[]): Resource {
  return { ...newResource({ apiVersion, kind, metadata }), previous };
}

const RESOURCES: readonly Resource[] = [
  resource("apps/v1", "Deployment", { name: "web", namespace: "prod", labels: { app: "web" } }),
  resource("v1", "ConfigMap", { name: "web", annotations: { note: "yes" } }),
  resource("v1", "Namespace", { name: "prod" }),
  resource(
    "v1",
    "ConfigMap",
    { name: "my-conf", namespace: "prod" },
    { kind: "Secret", namespace: "default", name: "conf" },
    { kind: "ConfigMap", namespace: "stage", name: "between" },
  ),
];

const shown = (selected: Iterable<Resource>): string => [...selected].map((one) => RESOURCES.indexOf(one)).join(" ");

function select(parts: Partial<Selector>): string {
  const selected = selectResources(RESOURCES, selector(parts), schema);
  return selected.ok ? shown(selected.value) : selected.problem;
}

it.each<[Partial<Selector>, string]>([
  [{}, "0 1 2 3"],
  [{ kind: "ConfigMap" }, "1 3"],
  [{ kind: "Config.*|Name.*" }, "1 2 3"],
  [{ kind: "Secret" }, ""],
  [{ group: "apps" }, "0"],
  [{ version: "v1" }, "0 1 2 3"],
  [{ group: "ap" }, ""],
  [{ name: "web" }, "0 1"],
  [{ name: "conf" }, "3"],
  [{ name: "my-conf" }, "3"],
  [{ name: "between" }, ""],
  [{ namespace: "prod" }, "0 3"],
  [{ namespace: "default" }, "1 3"],
  [{ namespace: "stage" }, ""],
  [{ namespace: "_non_namespaceable_" }, "2"],
  [{ name: "conf", namespace: "prod" }, "3"],
  [{ labelSelector: "app in (web)" }, "0"],
  [{ labelSelector: "!app", kind: "ConfigMap" }, "1 3"],
  [{ annotationSelector: "note=yes" }, "1"],
  [{ labelSelector: "a in b" }, "unable to parse requirement: found 'b' expected: '('"],
  [{ labelSelector: "a in b", name: "nobody" }, ""],
  [{ annotationSelector: "a in b" }, "unable to parse requirement: found 'b' expected: '('"],
  [{ annotationSelector: "a in b", labelSelector: "app=none" }, ""],
  [{ labelSelector: "=", annotationSelector: "a in b" }, "found '=', expected: !, identifier, or 'end of string'"],
  [{ name: "a(", kind: "b(" }, "error parsing regexp: missing closing ): `^(?:b()$`"],
])("%j selects %s", (parts, want) => expect(select(parts)).toBe(want));

function target(select: Partial<Selector>, ...reject: Partial<Selector>[]): string {
  const matches = compileTargetSelector(selector(select), reject.map(selector));
  if (!matches.ok) return matches.problem;
  const selected: Resource[] = [];
  for (const one of RESOURCES) {
    const isMeant = matches.value(one, schema);
    if (!isMeant.ok) return isMeant.problem;
    if (isMeant.value) selected.push(one);
  }
  return shown(selected);
}

it.each<[Partial<Selector>, Partial<Selector>[], string]>([
  [{}, [], "0 1 2 3"],
  [{ kind: "Secret" }, [], "3"],
  [{ name: "between" }, [], "3"],
  [{ name: "between", namespace: "stage" }, [], "3"],
  [{ name: "between", namespace: "prod" }, [], ""],
  [{ namespace: "default" }, [], "3"],
  [{ kind: "ConfigMap" }, [{ name: "conf" }], "1"],
  [{ kind: "ConfigMap" }, [{ name: "x" }, { name: "we." }], "3"],
  [{}, [{}], "0 1 2 3"],
  [{}, [{ labelSelector: "app=web" }], "1 2 3"],
  [{}, [{ labelSelector: "app=web", name: "prod" }], "1 3"],
  [{ annotationSelector: "note" }, [], "1"],
  [{ labelSelector: "=", annotationSelector: "a in b" }, [], "unable to parse requirement: found 'b' expected: '('"],
  [{ labelSelector: "=", annotationSelector: "nobody" }, [], "found '=', expected: !, identifier, or 'end of string'"],
  [{}, [{ labelSelector: "=" }], "found '=', expected: !, identifier, or 'end of string'"],
  [{ name: "[" }, [{ name: "(" }], "error parsing regexp: missing closing ]: `[)$`"],
  [{}, [{ name: "(" }], "error parsing regexp: missing closing ): `^(?:()$`"],
])("as a target of a replacement, %j without %j is %s", (select, reject, want) => expect(target(select, ...reject)).toBe(want));
