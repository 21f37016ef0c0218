import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawInstallation } from "../../../lib/stack/stack-config.ts";
import { pythonPrograms } from "../../support/python-environment.ts";
import { FULL, PRIVATE, synthesize } from "../synthesize.ts";

// `npm run test:stack:lint`: cfn-lint, with its rules for Lambda and IAM, over the templates of one installation of each sort.
const INSTALLATIONS: { readonly [name: string]: RawInstallation } = {
  none: {},
  "one-public": { clusters: "prod" },
  private: {
    clusters: [
      { name: "inside", private: PRIVATE },
      { name: "narrow", private: { ...PRIVATE, s3PrefixListId: "pl-0123456789abcdef0" } },
    ],
  },
  "one-of-each-sort": FULL,
  "several-regions": { clusters: ["us-east-1", "ap-southeast-2", "eu-central-1"].map((region) => ({ name: `in-${region}`, region })), stackName: "team-b" },
};

/**
 * W3005: the CDK lets a function wait for its role, which it also refers to. It means the role's policies, and says the role, too.
 */
const IGNORED = ["W3005"];

/** A linter that finds nothing wrong here has read nothing. */
const BROKEN = {
  Resources: {
    Function: { Type: "AWS::Lambda::Function", Properties: { Runtime: "nodejs16.x", Handler: "a.b", Code: { ZipFile: "" }, Role: "nobody" } },
    Policy: {
      Type: "AWS::IAM::ManagedPolicy",
      Properties: { PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Permit", Action: "s3:GetObject", Resource: "*" }] } },
    },
  },
};
const EXPECTED_IN_BROKEN = ["W2531", "E3031", "E3510"];

const folder = mkdtempSync(join(tmpdir(), "sluice-lint-"));
const program = join(pythonPrograms("cfn-lint", join(import.meta.dirname, "requirements.txt")), "cfn-lint");
const lint = (...files: readonly string[]) =>
  spawnSync(program, ["--ignore-checks", ...IGNORED, "--template", ...files], { encoding: "utf8", timeout: 300_000 });

try {
  const files = Object.entries(INSTALLATIONS).flatMap(([name, raw]) =>
    Object.entries(synthesize(raw).stacks).map(([stack, { text }]) => write(`${name}/${stack}.template.json`, JSON.parse(text))),
  );
  const { status, stdout, stderr } = lint(...files);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  const found = lint(write("broken.template.json", BROKEN)).stdout;
  const blind = EXPECTED_IN_BROKEN.filter((rule) => !found.includes(rule));
  if (blind.length > 0) process.stderr.write(`✗ cfn-lint does not see ${blind.join(", ")} in a template that is broken: ${found}\n`);
  process.exitCode = status === 0 && blind.length === 0 ? 0 : 1;
  if (process.exitCode === 0)
    process.stdout.write(`✔ cfn-lint finds nothing in ${files.length} templates of ${Object.keys(INSTALLATIONS).length} installations\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function write(name: string, template: object): string {
  const file = join(folder, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify(template, undefined, 2));
  return file;
}
