import { App } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { CfnBucket } from "aws-cdk-lib/aws-s3";
import { expect, it } from "vitest";
import { buildApp } from "../../lib/stack/build-app.ts";
import type { SluiceStack } from "../../lib/stack/sluice-stack.ts";
import { parseInstallation } from "../../lib/stack/stack-config.ts";
import { FULL, HOME } from "./synthesize.ts";

/** Synthesizes an installation with a cluster of each sort, in which somebody changed something. */
function synthesizeWith(change: (main: SluiceStack) => void): void {
  const parsed = parseInstallation({ ...HOME, ...FULL });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const app = new App({ context: { "aws:cdk:bundling-stacks": [] } });
  change(buildApp(app, parsed.value).main);
  app.synth();
}

it("cdk-nag finds nothing that was not argued", () => expect(() => synthesizeWith(() => undefined)).not.toThrow());

it.each<{ what: string; change: (main: SluiceStack) => void; rule: string }>([
  { what: "a bucket that takes requests without TLS", change: (main) => void new CfnBucket(main, "Open"), rule: "AwsSolutions-S10" },
  {
    what: "a `*` that nobody argued",
    change: (main) => void main.functions.webhook.role.addToPolicy(new PolicyStatement({ actions: ["s3:*"], resources: ["*"] })),
    rule: "AwsSolutions-IAM5[Action::s3:*]",
  },
])("$what ends the synthesis", ({ change, rule }) => expect(() => synthesizeWith(change)).toThrow(rule));
