import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Beside, comparable, createBeside, type End, filesIn, kustomizationFolders } from "../support/cli/kustomize-beside.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Somebody who may not read everything, as root may. */
const NOBODY = process.geteuid?.() === 0 ? 65534 : undefined;

const configMap = (name: string, rest = ""): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;
const listing = (...resources: readonly string[]): string => `resources: ${JSON.stringify(resources)}\n`;

/** Folders of one Git work tree, all of which kubectl builds or refuses by itself. */
const FILES: { readonly [path: string]: string } = {
  "app/kustomization.yaml": listing("a.yaml", "b.yaml"),
  "app/a.yaml": configMap("a"),
  "app/b.yaml":
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: b\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: Web:1\n  namespace: Prod\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: system:reader\n",
  "one/kustomization.yaml": `namespace: only\n${listing("a.yaml")}`,
  "one/a.yaml": configMap("c"),
  "overlay/kustomization.yaml": `namePrefix: over-\n${listing("../app", "../one/a.yaml")}`,
  "base-only/kustomization.yaml": `nameSuffix: -x\n${listing("../app")}`,
  "old/kustomization.yaml": "bases: [../app]\ncommonLabels: {team: a}\nvars: []\npatchesStrategicMerge: []\n",
  "old-and-broken/kustomization.yaml": `bases: [../app]\ncommonLabels: {team: a}\n${listing("nope.yaml")}`,
  "unknown-field/kustomization.yaml": `foo: bar\n${listing()}`,
  "nothing/kustomization.yaml": "",
  "none/a.yaml": configMap("a"),
  "two/kustomization.yaml": listing(),
  "two/Kustomization": listing(),
  "missing/kustomization.yaml": listing("nope.yaml"),
  "self/kustomization.yaml": listing("."),
  "links/kustomization.yaml": listing("link.yaml"),
  "links-far/kustomization.yaml": listing("link.yaml"),
  "links-folder/kustomization.yaml": listing("link"),
  "links-dangling/kustomization.yaml": listing("link.yaml"),
  "links-loop/kustomization.yaml": listing("link.yaml"),
  "below-file/kustomization.yaml": listing("a.yaml/b"),
  "below-file/a.yaml": configMap("a"),
  "locked/kustomization.yaml": listing("secret.yaml"),
  "locked/secret.yaml": configMap("secret"),
  "locked-folder/kustomization.yaml": listing("inner/a.yaml"),
  "locked-folder/inner/a.yaml": configMap("a"),
  "locked-entry/kustomization.yaml": listing("a.yaml"),
  "locked-entry/a.yaml": configMap("a"),
  "odd name's/kustomization.yaml": listing("ü \"'.yaml"),
  "odd name's/ü \"'.yaml": configMap("a"),
  "long/kustomization.yaml": listing(`${"x".repeat(256)}.yaml`),
};
const LINKS: { readonly [path: string]: string } = {
  "links/link.yaml": "target.yaml",
  "links/target.yaml": "inner/a.yaml",
  "links-far/link.yaml": "../app/a.yaml",
  "links-folder/link": "../app",
  "links-dangling/link.yaml": "nowhere.yaml",
  "links-loop/link.yaml": "link.yaml",
  "to-app": "app",
};

let beside: Beside;
let folder: string;
let outputs = 0;

beforeAll(async () => {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), "sluice-kustomize-")));
  chmodSync(temporary, 0o755);
  beside = await createBeside(temporary);
  folder = join(temporary, "work");
  mkdirSync(join(folder, ".git"), { recursive: true });
  mkdirSync(join(folder, "links/inner"), { recursive: true });
  writeFileSync(join(folder, "links/inner/a.yaml"), configMap("linked"));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(folder, path));
  for (const path of ["locked/secret.yaml", "locked-folder/inner", "locked-entry/kustomization.yaml"]) chmodSync(join(folder, path), 0);
});

afterAll(() => {
  if (folder === undefined) return;
  execFileSync("chmod", ["-R", "u+rwX", folder]);
  rmSync(dirname(folder), { recursive: true });
});

async function bothEnds(words: readonly string[], at = folder): Promise<{ readonly theirs: End; readonly ours: End }> {
  const isAboutRights = words.some((word) => word.startsWith("locked"));
  const options = { folder: at, uid: isAboutRights ? NOBODY : undefined };
  const [theirs, ours] = await Promise.all([beside.kubectl(words, options), beside.sluice(words, options)]);
  return { theirs: comparable(theirs), ours: comparable(ours) };
}

describe("sluice kustomize says what kubectl kustomize says", () => {
  it.each(
    Object.keys(FILES)
      .map(dirname)
      .filter((name, index, all) => all.indexOf(name) === index && !name.includes("/")),
  )("of the folder %s", async (name) => {
    for (const flags of [[], ["--load-restrictor", "LoadRestrictionsNone"]]) {
      const { theirs, ours } = await bothEnds([name, ...flags]);
      expect(ours).toEqual(theirs);
    }
  });

  it.each<readonly [string, readonly string[]]>([
    ["no folder", []],
    ["a folder with a slash", ["app/"]],
    ["a folder with dots", ["./one/../app/."]],
    ["a folder that is a link", ["to-app"]],
    ["a file", ["app/a.yaml"]],
    ["nothing", ["nope"]],
    ["something below nothing", ["nope/at/all"]],
    ["something below a file", ["app/a.yaml/b"]],
    ["a link that leads nowhere", ["links-dangling/link.yaml"]],
    ["a link to itself", ["links-loop/link.yaml"]],
    ["a folder that may not be read", ["locked-folder/inner"]],
    ["something in a folder that may not be read", ["locked-folder/inner/a"]],
    ["the name of nothing", [""]],
    ["several folders", ["app", "one"]],
    ["another order", ["app", "--reorder", "none"]],
    ["an order that is none", ["app", "--reorder=nope"]],
    ["a restriction that is none", ["app", "--load-restrictor", "none"]],
    ["an unknown flag", ["--foo", "app"]],
    ["an unknown short flag", ["app", "-x"]],
    ["a flag without its value", ["app", "--load-restrictor"]],
    ["a short flag without its value", ["app", "-o"]],
    ["a flag that is no boolean", ["app", "--enable-helm=maybe"]],
    ["a flag that is switched off", ["app", "--enable-helm=false", "--enable-alpha-plugins=0"]],
    [
      "flags without effect",
      ["app", "--network", "--network-name", "x", "-e", "A=b", "-eC=d", "--mount", "x", "--as-current-user", "--helm-command", "x", "--helm-debug"],
    ],
    ["global flags", ["--as", "somebody", "app", "-n", "x", "--kubeconfig", "/nope"]],
    ["more global flags", ["app", "-s", "x", "--request-timeout=1s", "--v=0", "-v", "0", "--username", "a", "--password", "b", "--match-server-version"]],
    ["the end of flags", ["--", "app"]],
    ["an empty output", ["app", "-o", ""]],
    ["an output in no folder", ["app", "-o", "nope/out.yaml"]],
    ["an output that is no file", ["app", "-o", "nope/"]],
  ])("about %s", async (_, words) => {
    const { theirs, ours } = await bothEnds(words);
    expect(ours).toEqual(theirs);
  });

  it("builds the working folder, also one that is reached by a link", async () => {
    for (const at of ["app", "to-app", "none"]) {
      const { theirs, ours } = await bothEnds([], join(folder, at));
      expect(ours).toEqual(theirs);
    }
  });

  it.each(["app", "one", "overlay"])("writes the same files for %s", async (name) => {
    const written = [];
    for (const program of [beside.kubectl, beside.sluice]) {
      const output = join(folder, `output-${++outputs}`);
      mkdirSync(output);
      const end = await program([name, "--load-restrictor", "LoadRestrictionsNone", "-o", output], { folder });
      const file = await program([name, "--load-restrictor", "LoadRestrictionsNone", `--output=${output}/whole`], { folder });
      written.push({ end, file, files: filesIn(output) });
    }
    expect(written[1]).toEqual(written[0]);
    expect(Object.keys(written[1]?.files ?? {}).length).toBeGreaterThan(1);
  });

  it.each(
    ["examples", "test/golden/build", "test/conformance/scenarios"]
      .flatMap((path) => kustomizationFolders(join(ROOT, path)))
      .map((path) => path.slice(ROOT.length)),
  )("of %s", async (path) => {
    const { theirs, ours } = await bothEnds([path], ROOT);
    expect(ours).toEqual(theirs);
  });
});
