import { AwsProblem } from "../answer.ts";

/** Who may come in, and as whom. */
export type AccessEntry = {
  readonly principalArn: string;
  readonly groups: readonly string[];
  /** With `{{SessionName}}` where the name of the session goes. */
  readonly username: string;
  readonly type: string;
  readonly createdAt: number;
  readonly policies: readonly AccessPolicy[];
};

export type AccessPolicy = {
  readonly policyArn: string;
  readonly type: "cluster" | "namespace";
  readonly namespaces: readonly string[];
  readonly associatedAt: number;
};

export const POLICY_PREFIX = "arn:aws:eks::aws:cluster-access-policy/";

const RESERVED = /^(amazon:|aws:|eks:|iam:|system:)/;
const invalid = (message: string): AwsProblem => new AwsProblem("InvalidParameterException", message);

/** A user or role; no session of one. Source: EKS API, CreateAccessEntry, principalArn. */
export function checkPrincipal(arn: string): string {
  if (!/^arn:aws[\w-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(arn)) throw invalid(`The specified principalArn is invalid: invalid principal.`);
  return arn;
}

/** Source: EKS API, CreateAccessEntry, kubernetesGroups: none of EKS' and Kubernetes' own. */
export function checkGroups(groups: readonly string[]): readonly string[] {
  if (groups.some((group) => RESERVED.test(group))) {
    throw invalid("The kubernetes group name is invalid, it cannot start with system:, eks:, aws:, amazon:, or iam:");
  }
  return groups;
}

/** Source: EKS API, CreateAccessEntry, username. */
export function checkUsername(name: string | undefined): string | undefined {
  if (name !== undefined && RESERVED.test(name)) throw invalid("The username is invalid, it cannot start with system:, eks:, aws:, amazon:, or iam:");
  return name;
}

/** Source: EKS User Guide, "Create access entries", "Username". */
export function defaultUsername(principalArn: string): string {
  const [, , , , account = "", resource = ""] = principalArn.split(":");
  if (resource.startsWith("user/")) return principalArn;
  return `arn:aws:sts::${account}:assumed-role/${resource.split("/").at(-1)}/{{SessionName}}`;
}
