import { describe, expect, it } from "vitest";
import { fixtureObjects } from "../../../support/cli/fixture-objects.ts";
import { createMemoryCli, engineOf } from "../../../support/cli/memory-cli.ts";

const cli = (environment: Parameters<typeof createMemoryCli>[0]["environment"] = {}) =>
  createMemoryCli({ objects: fixtureObjects(), engine: engineOf(), environment });

describe("the namespace", () => {
  it.each([
    { what: "is that of the flag", environment: { namespace: "cli-apps" }, words: ["get", "ks", "-n", "cli-other"], finds: "remote" },
    { what: "may stand before the command", environment: {}, words: ["-n", "cli-other", "get", "ks"], finds: "remote" },
    { what: "is that of the environment", environment: { namespace: "cli-other" }, words: ["get", "ks"], finds: "remote" },
    { what: "follows the context", environment: {}, words: ["get", "ks", "--ns-follows-kube-context"], finds: "remote" },
    { what: "follows the context by the environment", environment: { namespaceFollowsContext: true }, words: ["get", "ks"], finds: "remote" },
    { what: "of the flag wins over the context", environment: { namespaceFollowsContext: true }, words: ["get", "ks", "-n", "cli-apps"], finds: "paused" },
  ])("$what", async ({ environment, words, finds }) => expect((await cli(environment).run(words)).out).toContain(finds));

  it("passes over one of the environment that is none", async () =>
    expect((await cli({ namespace: "No!" }).run(["get", "ks"])).err).toContain('in "flux-system" namespace'));
});

describe("aliases", () => {
  it.each([
    ["get", "ks"],
    ["get", "kustomization"],
    ["get", "kustomizations"],
    ["get", "hr"],
    ["get", "source", "git"],
    ["get", "sources", "gitrepo"],
    ["get", "image", "policy"],
    ["get", "artifact", "generator"],
    ["get", "alert-provider"],
    ["export", "sources", "git", "--all"],
    ["tree", "ks", "root"],
  ])("%s %s %s", async (...words) => expect((await cli().run([...words.filter((word) => word !== undefined), "-n", "cli-apps"])).code).toBe(0));
});

describe("commands write only what they must", () => {
  it.each([
    { words: ["get", "all", "-A"], log: [] },
    { words: ["suspend", "ks", "web"], log: ["patched Kustomization/cli-apps/web"] },
    { words: ["reconcile", "ks", "web", "--with-source"], log: ["patched GitRepository/cli-apps/repo", "patched Kustomization/cli-apps/web"] },
    { words: ["uninstall", "--dry-run"], log: [] },
    { words: ["uninstall"], log: [] },
    { words: ["install", "--export"], log: [] },
  ])("$words", async ({ words, log }) => {
    const { run, memory } = cli();
    await run([...words, "-n", "cli-apps"]);
    expect(memory.log).toEqual(log);
  });

  it("asks before it uninstalls", async () => {
    const said = await createMemoryCli({ objects: fixtureObjects(), confirm: true }).run(["uninstall"]);
    expect([said.code, said.err.includes("uninstall finished")]).toEqual([0, true]);
  });
});

describe("uninstall", () => {
  it("ends with 1 when an object could not be removed", async () => {
    const { memory, run } = createMemoryCli({ objects: fixtureObjects(), confirm: true });
    memory.cluster.delete = async () => ({ kind: "refused", why: "forbidden", code: 403, reason: "Forbidden", message: "no" });
    const { code, err } = await run(["uninstall"]);
    expect([code, err.trimEnd().split("\n").at(-1)]).toEqual([1, expect.stringMatching(/^✗ uninstall failed for \d+ object\(s\)$/)]);
  });
});

describe("check", () => {
  it.each([
    { version: "v1.32.9", said: "✗ Kubernetes version v1.32.9 does not match >=1.33.0-0", code: 1 },
    { version: "v1.33.0-eks-abc", said: "✔ Kubernetes 1.33.0-eks-abc >=1.33.0-0", code: 0 },
    { version: "nonsense", said: "✗ Kubernetes version can't be determined", code: 1 },
  ])("$version", async ({ version, said, code }) => {
    const end = await createMemoryCli({ objects: [], version }).run(["check", "--pre"]);
    expect(end.err).toContain(said);
    expect(end.code).toBe(code);
  });
});

describe("install", () => {
  it("refuses a bootstrapped cluster, and asks about another tool's", async () => {
    const definition = (labels: { readonly [key: string]: string }) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "gitrepositories.source.toolkit.fluxcd.io", labels: { "app.kubernetes.io/version": "v2.9.0", ...labels } },
      status: { conditions: [{ type: "Established", status: "True" }] },
    });
    const bootstrapped = createMemoryCli({ objects: [definition({ "kustomize.toolkit.fluxcd.io/namespace": "flux-system" })] });
    expect((await bootstrapped.run(["install"])).err).toContain("this cluster has already been bootstrapped with Flux v2.9.0!");
    const helm = createMemoryCli({ objects: [definition({ "app.kubernetes.io/managed-by": "Helm" })] });
    expect((await helm.run(["install"])).err).toContain("✗ installation cancelled");
    expect((await helm.run(["install", "--force"])).code).toBe(0);
  });
});

describe("completion", () => {
  it.each([
    { words: ["get", "kust"], want: ["kustomizations"] },
    { words: ["get", "sources", ""], want: ["all", "bucket", "chart", "external", "git", "helm", "oci"] },
    { words: ["-n", "cli-other", "get", "ks", ""], want: ["remote"] },
    { words: ["reconcile", "source", "git", "-n", "cli-apps", "b"], want: ["broken"] },
    { words: ["get", "ks", "--show"], want: ["--show-source"] },
    { words: ["get", "ks", "--kubec"], want: ["--kubeconfig"] },
    { words: ["get", "ks", "--kube-api"], want: [] }, // taken for scripts, without effect
    { words: ["kust"], want: ["kustomize"] },
    { words: ["kustomize", "--o"], want: ["--output"] },
    { words: ["kustomize", "--enable"], want: [] },
    { words: ["kustomize", ""], want: [] }, // shells know folders
  ])("$words", async ({ words, want }) => {
    const { out } = await cli().run(["__complete", "--", ...words]);
    expect(out.split("\n").filter(Boolean)).toEqual(want);
  });

  it.each(["bash", "zsh", "fish"])("writes a script for %s", async (shell) => expect((await cli().run(["completion", shell])).out).toContain("__complete"));
});

describe("help", () => {
  it("names every command, and not the hidden one", async () => {
    const { out, code } = await cli().run(["--help"]);
    const commands = [
      "check",
      "install",
      "uninstall",
      "version",
      "get",
      "events",
      "tree",
      "trace",
      "stats",
      "export",
      "reconcile",
      "suspend",
      "resume",
      "build",
      "diff",
      "kustomize",
      "logs",
      "completion",
    ];
    expect(commands.filter((name) => !new RegExp(`^  ${name}\\b`, "m").test(out))).toEqual([]);
    expect(out).not.toContain("__complete");
    expect(code).toBe(0);
  });

  it("is what a word gets that has only words below it", async () => {
    const { out, code } = await cli().run(["get"]);
    expect([out.includes("kustomizations"), code]).toEqual([true, 0]);
  });
});
