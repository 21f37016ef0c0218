import { Aws } from "aws-cdk-lib";
import type { ClusterFunction, ClusterPlan } from "./cluster-plan.ts";
import type { SluiceFunction } from "./sluice-function.ts";

/** The rights by which a function finds its clusters: what it may do inside of one is said by the access entries there. */
export function grantReach(fn: SluiceFunction, name: ClusterFunction, clusters: readonly ClusterPlan[]): void {
  const own = clusters.filter(({ roleArns }) => roleArns === undefined).map(eksArnOf);
  const roles = [...new Set(clusters.flatMap(({ roleArns }) => roleArns?.[name] ?? []))];
  if (own.length > 0) fn.allow({ actions: ["eks:DescribeCluster"], resources: own });
  if (roles.length > 0) fn.allow({ actions: ["sts:AssumeRole"], resources: roles });
}

const eksArnOf = ({ region, eksName }: ClusterPlan): string => `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:cluster/${eksName}`;
