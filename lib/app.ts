import { App } from "aws-cdk-lib";
import { readContext, readDeployTarget } from "./config.ts";
import { buildApp } from "./stack/build-app.ts";
import { CONTEXT_KEYS, parseInstallation } from "./stack/stack-config.ts";

// The CDK app: what `cdk.json` and `-c` say -> stacks. The command line of the CDK runs this file.
const app = new App();
const raw = { ...readContext(CONTEXT_KEYS, (key) => app.node.tryGetContext(key)), ...readDeployTarget(process.env) };
const parsed = parseInstallation(raw);
if (parsed.ok) {
  buildApp(app, parsed.value);
  app.synth();
} else {
  process.stderr.write(parsed.problems.map((problem) => `✗ ${problem}\n`).join(""));
  process.exitCode = 1;
}
