import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { type Input, maybeNumber, maybeText, recordOf, textOf, textsOf } from "../input.ts";
import { createRestJsonService, type Route } from "../protocol/rest-json.ts";
import { type AwsRequest, type Place, perPlace, placeOf } from "../request.ts";
import type { Service } from "../service.ts";
import { type AccessEntry, checkGroups, checkPrincipal, checkUsername, defaultUsername, POLICY_PREFIX } from "./access-entry.ts";

export type Cluster = {
  readonly name: string;
  /** Of the API server; changes when the cluster is made anew. */
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly status?: string;
  readonly version?: string;
};

export type FakeEks = {
  /** Makes or replaces a cluster; access entries of one that is replaced are kept. Place: the fake's own without it. */
  putCluster(cluster: Cluster, place?: Partial<Place>): void;
  /** As if deleted and made anew: another endpoint, another CA, no access entries. */
  recreateCluster(cluster: Cluster, place?: Partial<Place>): void;
  removeCluster(name: string, place?: Partial<Place>): void;
  /** Gives a principal access: Kubernetes groups, and access policies as `AmazonEKSClusterAdminPolicy`, for the cluster or for namespaces. */
  allow(cluster: string, principalArn: string, access: Allowance, place?: Partial<Place>): void;
  /** Takes the access entry away. */
  forbid(cluster: string, principalArn: string, place?: Partial<Place>): void;
};

export type Allowance = {
  readonly groups?: readonly string[];
  readonly username?: string;
  readonly policies?: readonly { readonly policy: string; readonly namespaces?: readonly string[] }[];
};

export type EksState = { find(name: string, place: Place): { readonly cluster: Cluster; readonly entries: ReadonlyMap<string, AccessEntry> } | undefined };

type Held = { cluster: Cluster; readonly entries: Map<string, AccessEntry>; createdAt: number };

/** EKS as far as Sluice uses it: clusters as given, access entries and their policies. Source: EKS API; User Guide, "Grant IAM users access with access entries". */
export function createEks(clock: AwsClock, home: Place): { readonly service: Service; readonly eks: FakeEks; readonly state: EksState } {
  const clustersIn = perPlace(() => new Map<string, Held>());
  const at = (place?: Partial<Place>): Place => ({ ...home, ...place });

  const held = (place: Place, name: string): Held => {
    const found = clustersIn(place).get(name);
    if (found === undefined) throw new AwsProblem("ResourceNotFoundException", `No cluster found for name: ${name}.`, { status: 404 });
    return found;
  };
  const clusterOf = (input: Input, request: AwsRequest): Held => held(placeOf(request), textOf(input, "clusterName", "InvalidParameterException"));
  const entryOf = (input: Input, request: AwsRequest): AccessEntry => {
    const arn = textOf(input, "principalArn", "InvalidParameterException");
    const entry = clusterOf(input, request).entries.get(arn);
    if (entry === undefined)
      throw new AwsProblem(
        "ResourceNotFoundException",
        `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.`,
        { status: 404 },
      );
    return entry;
  };

  const describeEntry = (input: Input, request: AwsRequest, entry: AccessEntry): object => {
    const { account, region } = placeOf(request);
    const cluster = textOf(input, "clusterName");
    const accessEntryArn = `arn:aws:eks:${region}:${account}:access-entry/${cluster}/${entry.principalArn.split(":").slice(4).join("/")}`;
    const { principalArn, groups, username, type, createdAt } = entry;
    const times = { createdAt: createdAt / 1000, modifiedAt: createdAt / 1000 };
    return { accessEntry: { clusterName: cluster, principalArn, kubernetesGroups: groups, accessEntryArn, ...times, tags: {}, username, type } };
  };

  const create = (cluster: Held, input: Input): AccessEntry => {
    const principalArn = checkPrincipal(textOf(input, "principalArn", "InvalidParameterException"));
    if (cluster.entries.has(principalArn))
      throw new AwsProblem("ResourceInUseException", "The specified access entry resource is already in use on this cluster.", { status: 409 });
    const groups = checkGroups(textsOf(input, "kubernetesGroups"));
    const username = checkUsername(maybeText(input, "username")) ?? defaultUsername(principalArn);
    const entry: AccessEntry = { principalArn, groups, username, type: maybeText(input, "type") ?? "STANDARD", createdAt: clock.now(), policies: [] };
    cluster.entries.set(principalArn, entry);
    return entry;
  };

  const associate = (cluster: Held, entry: AccessEntry, policyArn: string, scope: Input): AccessEntry["policies"][number] => {
    if (!policyArn.startsWith(POLICY_PREFIX))
      throw new AwsProblem("ResourceNotFoundException", `The policyArn ${policyArn} could not be found.`, { status: 404 });
    const type = textOf(scope, "type", "InvalidParameterException");
    if (type !== "cluster" && type !== "namespace") throw new AwsProblem("InvalidParameterException", `The scope ${type} is invalid.`);
    const policy = { policyArn, type, namespaces: textsOf(scope, "namespaces"), associatedAt: clock.now() } as const;
    const policies = [...entry.policies.filter((one) => one.policyArn !== policyArn), policy];
    cluster.entries.set(entry.principalArn, { ...entry, policies });
    return policy;
  };

  const describePolicy = (policy: AccessEntry["policies"][number]): object => ({
    policyArn: policy.policyArn,
    accessScope: { type: policy.type, namespaces: policy.namespaces },
    associatedAt: policy.associatedAt / 1000,
    modifiedAt: policy.associatedAt / 1000,
  });

  const entries = "/clusters/{clusterName}/access-entries";
  const routes: readonly Route[] = [
    {
      operation: "DescribeCluster",
      method: "GET",
      path: "/clusters/{clusterName}",
      members: ["clusterName"],
      run: (input, request) => ({ cluster: describeCluster(clusterOf(input, request), placeOf(request)) }),
    },
    {
      operation: "CreateAccessEntry",
      method: "POST",
      path: entries,
      members: ["clusterName", "principalArn", "kubernetesGroups", "username", "type", "clientRequestToken", "tags"],
      run: (input, request) => describeEntry(input, request, create(clusterOf(input, request), input)),
    },
    {
      operation: "DescribeAccessEntry",
      method: "GET",
      path: `${entries}/{principalArn}`,
      members: ["clusterName", "principalArn"],
      run: (input, request) => describeEntry(input, request, entryOf(input, request)),
    },
    {
      operation: "DeleteAccessEntry",
      method: "DELETE",
      path: `${entries}/{principalArn}`,
      members: ["clusterName", "principalArn"],
      run: (input, request) => {
        clusterOf(input, request).entries.delete(entryOf(input, request).principalArn);
        return {};
      },
    },
    {
      operation: "ListAccessEntries",
      method: "GET",
      path: entries,
      members: ["clusterName", "associatedPolicyArn", "maxResults", "nextToken"],
      run: (input, request) => listEntries(clusterOf(input, request), input),
    },
    {
      operation: "AssociateAccessPolicy",
      method: "POST",
      path: `${entries}/{principalArn}/access-policies`,
      members: ["clusterName", "principalArn", "policyArn", "accessScope"],
      run: (input, request) => {
        const policyArn = textOf(input, "policyArn", "InvalidParameterException");
        const policy = associate(clusterOf(input, request), entryOf(input, request), policyArn, recordOf(input, "accessScope"));
        return { clusterName: input["clusterName"], principalArn: input["principalArn"], associatedAccessPolicy: describePolicy(policy) };
      },
    },
    {
      operation: "ListAssociatedAccessPolicies",
      method: "GET",
      path: `${entries}/{principalArn}/access-policies`,
      members: ["clusterName", "principalArn"],
      run: (input, request) => {
        const policies = entryOf(input, request).policies.map(describePolicy);
        return { clusterName: input["clusterName"], principalArn: input["principalArn"], associatedAccessPolicies: policies };
      },
    },
  ];

  const put = (cluster: Cluster, place: Place, present: Held | undefined): void =>
    void clustersIn(place).set(cluster.name, { cluster, entries: present?.entries ?? new Map(), createdAt: present?.createdAt ?? clock.now() });

  return {
    service: createRestJsonService({ name: "eks", routes }),
    state: { find: (name, place) => clustersIn(place).get(name) },
    eks: {
      putCluster: (cluster, place) => put(cluster, at(place), clustersIn(at(place)).get(cluster.name)),
      recreateCluster: (cluster, place) => put(cluster, at(place), undefined),
      removeCluster: (name, place) => void clustersIn(at(place)).delete(name),
      allow: (name, principalArn, access, place) => {
        const cluster = held(at(place), name);
        cluster.entries.delete(principalArn);
        create(cluster, { principalArn, kubernetesGroups: access.groups, username: access.username });
        for (const { policy, namespaces } of access.policies ?? []) {
          const entry = cluster.entries.get(principalArn);
          const scope = namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces };
          if (entry !== undefined) associate(cluster, entry, `${POLICY_PREFIX}${policy}`, scope);
        }
      },
      forbid: (name, principalArn, place) => void held(at(place), name).entries.delete(principalArn),
    },
  };
}

function describeCluster({ cluster, createdAt }: Held, { account, region }: Place): object {
  return {
    name: cluster.name,
    arn: `arn:aws:eks:${region}:${account}:cluster/${cluster.name}`,
    createdAt: createdAt / 1000,
    version: cluster.version ?? "1.35",
    endpoint: cluster.endpoint,
    status: cluster.status ?? "ACTIVE",
    certificateAuthority: { data: Buffer.from(cluster.certificateAuthority).toString("base64") },
    accessConfig: { authenticationMode: "API" },
    tags: {},
  };
}

function listEntries(cluster: Held, input: Input): object {
  const policy = maybeText(input, "associatedPolicyArn");
  const after = maybeText(input, "nextToken") ?? "";
  const max = maybeNumber(input, "maxResults") ?? 100;
  if (!(max >= 1 && max <= 100)) throw new AwsProblem("InvalidParameterException", "maxResults must be between 1 and 100");
  const all = [...cluster.entries.values()].filter((entry) => policy === undefined || entry.policies.some(({ policyArn }) => policyArn === policy));
  const arns = all
    .map(({ principalArn }) => principalArn)
    .toSorted()
    .filter((arn) => arn > after);
  return { accessEntries: arns.slice(0, max), nextToken: arns.length > max ? arns[max - 1] : undefined };
}
