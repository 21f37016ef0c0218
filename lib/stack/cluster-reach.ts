import { Aws } from "aws-cdk-lib";
import { ManagedPolicy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ClusterFunction, ClusterPlan } from "./cluster-plan.ts";
import type { SluiceFunction } from "./sluice-function.ts";

/** The rights by which a function finds its clusters: what it may do inside of one is said by the access entries there. */
export function grantReach(fn: SluiceFunction, name: ClusterFunction, clusters: readonly ClusterPlan[]): void {
  const own = clusters.filter(({ roleArns }) => roleArns === undefined).map(eksArnOf);
  const roles = [...new Set(clusters.flatMap(({ roleArns }) => roleArns?.[name] ?? []))];
  allowDescribe(fn, own);
  if (roles.length > 0) fn.allow({ actions: ["sts:AssumeRole"], resources: roles });
}

/** IAM takes 10,240 characters in all policies that are written into a role, and 6,144 in each that stands beside it; an ARN here has up to 150. */
const CLUSTERS_IN_POLICY = 40;

function allowDescribe(fn: SluiceFunction, clusters: readonly string[]): void {
  const statement = (resources: readonly string[]) => ({ actions: ["eks:DescribeCluster"], resources: [...resources] });
  if (clusters.length > 0) fn.allow(statement(clusters.slice(0, CLUSTERS_IN_POLICY)));
  for (let first = CLUSTERS_IN_POLICY; first < clusters.length; first += CLUSTERS_IN_POLICY) {
    const statements = [new PolicyStatement(statement(clusters.slice(first, first + CLUSTERS_IN_POLICY)))];
    new ManagedPolicy(fn, `ClustersFrom${first}`, { statements, roles: [fn.role] });
  }
}

const eksArnOf = ({ region, eksName }: ClusterPlan): string => `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:cluster/${eksName}`;
