import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { AwsWorld } from "../world.ts";

/**
 * Where anything that must stay secret stands in clear, in whatever people may read: logs, messages, events, status, renders, notes. One line for each, and never
 * the secret itself. What a gate is invoked with is no output: the token for the API server has to be in it.
 */
export function findSecrets(world: AwsWorld, { inGit = [], inClusters = [] }: SecretValues = {}): readonly string[] {
  const anywhere = ["k8s-aws-v1.", Buffer.from(`git:${world.gitHubToken}`).toString("base64"), ...inAllForms([...world.secrets, ...inClusters])];
  const outsideOfGit = inAllForms(inGit);
  return outputsOf(world).flatMap(({ where, text }) => {
    // What stands in Git in clear stands in artifacts and renders, too: whoever may read those may read that.
    const forbidden = where.startsWith("renders/") ? anywhere : [...anywhere, ...outsideOfGit];
    const found = forbidden.findIndex((secret) => text.includes(secret));
    return found < 0 ? [] : [`${where}: secret ${found} stands in ${text.slice(0, 60).replaceAll(forbidden[found] ?? "", "***")}…`];
  });
}

/** Of Secrets: those whose manifests are in Git, and those that only the clusters have. */
export type SecretValues = { readonly inGit?: readonly string[]; readonly inClusters?: readonly string[] };

const inAllForms = (secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => secret !== "").flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);

type Output = { readonly where: string; readonly text: string };

function outputsOf({ aws, clusters, bucket, functions, deadLetters }: AwsWorld): readonly Output[] {
  const sent = [...aws.calls.all("sqs"), ...aws.calls.all("sns")].filter(({ operation }) => /^(SendMessage|Publish)/.test(operation));
  const kept = aws.s3.keys(bucket).filter((key) => /^(renders|notes|receivers)\//.test(key));
  return [
    ...functions().flatMap(({ name, logs }) => logs.map(({ text }) => ({ where: `log of ${name}`, text }))),
    ...sent.map(({ operation, input }) => ({ where: operation, text: JSON.stringify(input) })),
    ...deadLetters().map(({ queue, body, reason = "" }) => ({ where: `dead letters of ${queue}`, text: body + reason })),
    ...kept.map((key) => ({ where: key, text: aws.s3.read(bucket, key)?.toString("latin1") ?? "" })),
    ...clusters.flatMap(({ sandbox, spec }) => (sandbox === undefined ? [] : told(sandbox.store)).map((text) => ({ where: `cluster ${spec.name}`, text }))),
  ];
}

type Store = { list(resource: { readonly group: string; readonly plural: string }): readonly Manifest[] };

/** What users see of Flux's objects: events, and status. */
const told = (store: Store): readonly string[] => [
  ...store.list({ group: "", plural: "events" }).map((event) => JSON.stringify(event)),
  ...store.list({ group: "source.toolkit.fluxcd.io", plural: "gitrepositories" }).map(({ status = null }) => JSON.stringify(status)),
  ...store.list({ group: "kustomize.toolkit.fluxcd.io", plural: "kustomizations" }).map(({ status = null }) => JSON.stringify(status)),
  ...["alerts", "providers", "receivers"].flatMap((plural) =>
    store.list({ group: "notification.toolkit.fluxcd.io", plural }).map(({ status = null }) => JSON.stringify(status)),
  ),
];
