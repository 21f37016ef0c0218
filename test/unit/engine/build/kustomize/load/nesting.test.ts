import { createKustomizer, FLUX } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { describe, expect, it } from "vitest";

function said(files: { readonly [path: string]: string }, path: string): string {
  const tree = new Map(Object.entries(files).map(([name, text]) => [name, { bytes: new TextEncoder().encode(text), executable: false }]));
  const built = createKustomizer().build({ files: filesOfTree(tree), path, restriction: "within-tree", manner: FLUX });
  return built.ok ? "built" : built.problem.message;
}

const levels = (count: number, text: (next: string, level: number) => string): { readonly [path: string]: string } =>
  Object.fromEntries(Array.from({ length: count }, (_, level) => [`l${level}/kustomization.yaml`, text(`../l${level + 1}`, level)]));

describe("kustomizations inside of each other", () => {
  it("may be many", () => expect(said({ ...levels(150, (next) => `resources: [${next}]`), "l150/kustomization.yaml": "namespace: a" }, "l0")).toBe("built"));

  it("end somewhere", () =>
    expect(said({ ...levels(250, (next) => `resources: [${next}]`), "l250/kustomization.yaml": "namespace: a" }, "l0")).toBe(
      "more than 200 kustomizations inside of each other",
    ));

  it("do not double with every step", () => {
    const ladder = levels(40, (next) => `resources: [${next}, ${next}/side]`);
    const sides = Object.fromEntries(Object.keys(ladder).map((path, level) => [path.replace("/", "/side/"), `resources: [../../l${level + 1}]`]));
    expect(said({ ...ladder, ...sides, "l40/kustomization.yaml": "namespace: a", "l40/side/kustomization.yaml": "namespace: a" }, "l0")).toBe(
      "more than 5000 kustomizations",
    );
  });

  it("say what is wrong in a text that somebody can hold", () => {
    const component = (content: string): string => `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${content}\n`;
    const components = levels(60, (next, level) => (level === 0 ? `components: [${next}]` : component(`components: [${next}]`)));
    expect(said({ ...components, "l60/kustomization.yaml": component('namePrefix: [""]') }, "l0").length).toBeLessThan(256 * 1024);
  });
});
