import { createHash } from "node:crypto";
import { Aws } from "aws-cdk-lib";
import type { FunctionName } from "./bundling.ts";
import type { Installation } from "./stack-config.ts";

/**
 * Names that must be known before anything is deployed: a gate's, since it is baked into the bundles of its callers, and the roles', since access entries in
 * other regions name them. They begin with the stack's name, so that installations of one account do not collide; whatever else can is named by CloudFormation.
 */
type Named = Pick<Installation, "stackName" | "region">;

/** Lambda's limit. */
const LONGEST_FUNCTION_NAME = 64;

/** Roles are global in an account, so theirs names the region, too. */
export const roleNameOf = ({ stackName, region }: Named, name: FunctionName): string => `${stackName}-${region}-${name}`;
export const roleArnOf = (installation: Named, name: FunctionName): string =>
  `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${roleNameOf(installation, name)}`;

/** Of the one gate of a private cluster; a name that is too long ends in a hash of the whole. */
export function functionNameOf({ stackName }: Named, name: FunctionName, cluster?: string): string {
  const whole = cluster === undefined ? `${stackName}-${name}` : `${stackName}-${name}-${cluster}`;
  if (whole.length <= LONGEST_FUNCTION_NAME) return whole;
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 12);
  return `${whole.slice(0, LONGEST_FUNCTION_NAME - hash.length - 1)}-${hash}`;
}

export const logGroupNameOf = (installation: Named, name: FunctionName, cluster?: string): string =>
  `/aws/lambda/${functionNameOf(installation, name, cluster)}`;
