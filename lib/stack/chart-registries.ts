import { Validations } from "aws-cdk-lib";
import type { SluiceFunction } from "./sluice-function.ts";

/**
 * Gives the right to read charts in repositories of ECR, for HelmRepositories with `provider: aws`: whoever may make one in any cluster reads them by our
 * role, so that the installation lists them. `pull`: with their content, and not only which versions there are. Source: ECR, "Private registry authentication".
 */
export function grantChartRegistries(fn: SluiceFunction, repositories: readonly string[], { pull }: { readonly pull: boolean }): void {
  if (repositories.length === 0) return;
  fn.allow({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] });
  fn.allow({ actions: ["ecr:ListImages", ...(pull ? ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] : [])], resources: [...repositories] });
  Validations.of(fn.role).acknowledge({
    id: "AwsSolutions-IAM5[Resource::*]",
    reason: "A token for ECR is for no repository: with it the role may do what its other statements say of each",
  });
  for (const arn of repositories.filter((one) => one.endsWith("*"))) {
    Validations.of(fn.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason: "The installation lists repositories by the beginning of their names",
    });
  }
}
