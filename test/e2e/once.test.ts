import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { startLocalServer } from "../support/git/local-server.ts";
import { lastLine, runDev, temporaryFolder } from "./support/dev.ts";
import { sh } from "./support/shell.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

describe("npm start -- --once", { timeout: 120_000 }, () => {
  it("ends with 0 and a table of Ready objects", async () => {
    const folder = await temporaryFolder();
    try {
      const { code, out, err } = await sh(`cd '${PROJECT}' && npm start --silent -- --once --dir '${folder}'`);
      expect({ code, last: lastLine(err) }).toEqual({ code: 0, last: "✔ everything is Ready" });
      const rows = out.split("\n").filter((line) => line.startsWith("flux-system"));
      expect(rows.map((row) => row.split("\t").map((cell) => cell.trim())).map(([, name, , suspended, ready]) => `${name} ${suspended} ${ready}`)).toEqual([
        "gitrepository/workshop False True",
        "helmchart/flux-system-metrics-server False True",
        "helmrelease/metrics-server False True",
        "kustomization/add-ons False True",
        "kustomization/applications False True",
        "kustomization/platform False True",
        "kustomization/podinfo False True",
        "provider/webhook-provider Provider is Ready ",
        "alert/flux-alerts True Alert is Ready",
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each<{ name: string; words: readonly string[]; files: { readonly [path: string]: string }; last: RegExp }>([
    {
      name: "a manifest that is none",
      words: [],
      files: { "app.yaml": "apiVersion: v1\nmetadata:\n  name: nameless\n" },
      last: /^✗ Kustomization\/flux-system\/broken: BuildFailed: .*kind/,
    },
    {
      name: "a kind that the cluster does not know",
      words: [],
      files: { "app.yaml": "apiVersion: example.com/v1\nkind: Gadget\nmetadata:\n  name: one\n  namespace: default\n" },
      last: /^✗ Kustomization\/flux-system\/broken: ReconciliationFailed: Gadget\/default\/one .*no matches for kind "Gadget" in version "example.com\/v1"/,
    },
    {
      name: "a branch that is not there",
      words: ["--branch", "release"],
      files: { "app.yaml": "" },
      last: /^✗ GitRepository\/flux-system\/broken: GitOperationFailed: .*release/,
    },
    {
      name: "a path that is not there",
      words: ["--path", "./deploy"],
      files: { "app.yaml": "" },
      last: /^✗ Kustomization\/flux-system\/broken: ArtifactFailed: .*deploy/,
    },
  ])("ends with 1 and the reason: $name", async ({ words, files, last }) => {
    const server = await startLocalServer();
    try {
      await server.create("broken");
      await server.commit("broken", "main", "Broken", files);
      const { code, err } = await runDev(["--once", "--repo", `${server.url}/broken.git`, ...words]);
      expect(lastLine(err)).toMatch(last);
      expect(code).toBe(1);
    } finally {
      await server.close();
    }
  });

  it.each([
    ["--repo ssh://git@github.com/team/config", /^✗ --repo "ssh:.*expected the URL of a repository over https or http; git over ssh is not implemented yet$/],
    ["--repo https://me:hidden@github.com/team/config", /^✗ --repo: the URL has credentials in it, .* --secret-ref$/],
    ["--kubeconfig /nowhere/config", /^✗ stat \/nowhere\/config: no such file or directory$/],
    ["--dir /dev/null", /^✗ cannot work in this folder: open \/dev\/null\/\.sluice: not a directory$/],
    ["--onse", /^✗ unknown flag: --onse$/],
  ])("refuses %s", async (words, last) => {
    const { code, out, err } = await runDev(["--once", ...words.split(" ")]);
    expect({ code, out, lines: err.trim().split("\n").length }).toEqual({ code: 1, out: "", lines: 1 });
    expect(lastLine(err)).toMatch(last);
    expect(err).not.toContain("hidden");
  });

  it.each([
    ["git is missing", "", /^✗ git is not installed, .*install git 2\.30 or newer/],
    ["git is too old", "echo git version 2.29.2", /^✗ git 2\.29\.2 is too old: install git 2\.30 or newer/],
    [
      "git comes without its server",
      'case "$*" in *exec-path*) echo /nowhere;; *) echo git version 2.40.1;; esac',
      /^✗ this git comes without `git http-backend`/,
    ],
  ])("says what to do: %s", async (_, script, last) => {
    const folder = await temporaryFolder();
    try {
      if (script !== "") await writeFile(join(folder, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      await symlink("/bin/sh", join(folder, "sh"));
      const { code, err } = await runDev(["--once"], { env: { PATH: folder } });
      expect(lastLine(err)).toMatch(last);
      expect(code).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
