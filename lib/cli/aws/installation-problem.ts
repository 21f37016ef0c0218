import { parameterNameOf } from "@sluice/platform/ssm/installation.ts";
import type { InstallationAnswer } from "@sluice/platform/ssm/read-installation.ts";
import type { Trouble } from "./aws.ts";
import type { InstalledOn } from "./marker.ts";

/** Why there is no installation to talk to, for a person who can mend it. */
export function installationProblem(answer: Exclude<InstallationAnswer | Trouble, { kind: "found" }>, { cluster, region }: InstalledOn): string {
  const parameter = `SSM parameter ${parameterNameOf(cluster)} in ${region}`;
  switch (answer.kind) {
    case "absent":
      return `${parameter} not found`;
    case "malformed":
      return `${parameter} is not what the stack writes: ${answer.problem}`;
    case "trouble":
      return `cannot read ${parameter}: ${answer.message}`;
  }
}
