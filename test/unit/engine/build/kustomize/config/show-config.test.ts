import { expect, it } from "vitest";
import type { FieldSpec } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { emptyConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { showConfig } from "../../../../../../layers/engine/build/kustomize/config/show-config.ts";

it("field specs and name references", () => {
  const a: FieldSpec = { group: "apps", version: "", kind: "Deployment", path: "a/b", create: true };
  const b: FieldSpec = { group: "", version: "v1", kind: "", path: "c", create: false };
  const config = { ...emptyConfig, namePrefix: [a, b], nameReference: [{ group: "", version: "v1", kind: "Secret", fieldSpecs: [a, b] }] };
  const [first, second] = ["Deployment.[noVer].apps:true:a/b", "[noKind].v1.[noGrp]:false:c"];
  expect(showConfig(config)).toBe(`&{[${first} ${second}] [] [] [] [] [] [] [Secret.v1.[noGrp]:  (\n${first}\n${second}\n)] [] [] []}`);
});
