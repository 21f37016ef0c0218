import { type App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { AccessStack } from "./access-stack.ts";
import { SluiceStack } from "./sluice-stack.ts";
import type { Installation } from "./stack-config.ts";

/** All stacks of an installation: its own, and a small one in each other region that has clusters. A finding of cdk-nag that nobody argued with ends the synthesis. */
export function buildApp(app: App, installation: Installation): { readonly main: SluiceStack; readonly access: readonly AccessStack[] } {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const main = new SluiceStack(app, installation);
  const access = regionsBesides(installation).map((region) => {
    const stack = new AccessStack(app, installation, region);
    stack.addStackDependency(main, "access entries name the roles that the main stack makes");
    return stack;
  });
  return { main, access };
}

/** Clusters of other accounts have their access entries from there. */
const regionsBesides = ({ clusters, region: home }: Installation): readonly string[] => {
  const regions = clusters.filter(({ roleArns }) => roleArns === undefined).map(({ region }) => region);
  return [...new Set(regions)].filter((region) => region !== home).toSorted();
};
