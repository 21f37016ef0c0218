import { groupOf, policyArnOf } from "./access-entries.ts";
import { CLUSTER_FUNCTIONS, type ClusterFunction, type ClusterPlan } from "./cluster-plan.ts";
import { roleArnOf } from "./names.ts";
import type { Installation } from "./stack-config.ts";

/**
 * What to type with credentials of the other account, so that this installation may look after a cluster there: the roles that our functions assume, and
 * their access entries. A line for each command. No CloudFormation stack of ours reaches into another account.
 */
export function commandsFor(installation: Installation, cluster: ClusterPlan): string {
  const { roleArns } = cluster;
  if (roleArns === undefined) return "";
  const users = Map.groupBy(CLUSTER_FUNCTIONS, (name) => roleArns[name]);
  return [...users]
    .flatMap(([roleArn, names]) => [...roleCommands(installation, cluster, roleArn, names), ...entryCommands(cluster, roleArn, names)])
    .join("\n");
}

function roleCommands(installation: Installation, cluster: ClusterPlan, roleArn: string, names: readonly ClusterFunction[]): readonly string[] {
  const { role, path } = nameOf(roleArn);
  const trust = { Effect: "Allow", Principal: { AWS: names.map((name) => roleArnOf(installation, name)) }, Action: "sts:AssumeRole" };
  const clusterArn = `${partitionAndAccount(roleArn, "eks", cluster.region)}:cluster/${cluster.eksName}`;
  const rights = { Effect: "Allow", Action: "eks:DescribeCluster", Resource: clusterArn };
  return [
    `aws iam create-role --role-name ${role}${path} --assume-role-policy-document '${policy(trust)}'`,
    `aws iam put-role-policy --role-name ${role} --policy-name sluice-${cluster.name} --policy-document '${policy(rights)}'`,
  ];
}

function entryCommands({ region, eksName, access }: ClusterPlan, roleArn: string, names: readonly ClusterFunction[]): readonly string[] {
  const which = `--region ${region} --cluster-name ${eksName} --principal-arn ${roleArn}`;
  const create = `aws eks create-access-entry ${which} --kubernetes-groups ${names.map(groupOf).join(" ")}`;
  if (!names.includes("apply")) return [create];
  const scope = access.kind === "admin" ? "type=cluster" : `type=namespace,namespaces=${access.namespaces.join(",")}`;
  const policyArn = policyArnOf(access.kind === "admin" ? "AmazonEKSClusterAdminPolicy" : access.policy);
  return [create, `aws eks associate-access-policy ${which} --policy-arn ${policyArn} --access-scope ${scope}`];
}

/** A role with a path (`…:role/team/sluice`) is another one than that of the same name without. */
function nameOf(roleArn: string): { readonly role: string; readonly path: string } {
  const place = roleArn.slice(roleArn.indexOf("/"));
  const end = place.lastIndexOf("/") + 1;
  return { role: place.slice(end), path: end === 1 ? "" : ` --path ${place.slice(0, end)}` };
}

const policy = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

/** `arn:aws:iam::<account>:role/…` -> `arn:aws:<service>:<region>:<account>` */
function partitionAndAccount(roleArn: string, service: string, region: string): string {
  const [, partition = "", , , account = ""] = roleArn.split(":");
  return `arn:${partition}:${service}:${region}:${account}`;
}
