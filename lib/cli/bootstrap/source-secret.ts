import { isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { GitCredentials } from "@sluice/engine/ports/git-remote.ts";
import type { Cli } from "../cli.ts";
import { Failure } from "../failure.ts";
import { valueAt } from "../fields.ts";
import type { BootstrapOptions } from "./options.ts";

const MANAGER = "flux";

/** The keys of a GitRepository's Secret, plain. Source: reference 0.8. */
export function secretEntries({ repository, certificateAuthority }: BootstrapOptions): { readonly [key: string]: string } {
  return { ...credentialEntries(repository.credentials), ...(certificateAuthority !== undefined && { "ca.crt": certificateAuthority }) };
}

function credentialEntries(credentials: GitCredentials): { readonly [key: string]: string } {
  switch (credentials.kind) {
    case "basic":
      return { username: credentials.username, password: credentials.password.reveal() };
    case "bearer":
      return { bearerToken: credentials.token.reveal() };
    case "github-app":
      throw new Error("bootstrap makes no Secret of a GitHub App");
  }
}

/** The credentials are in the cluster when this ends; other keys of a Secret that is there already stay. Source: flux2 pkg/bootstrap, ReconcileSourceSecret. */
export async function reconcileSourceSecret(cli: Cli, cluster: Cluster, options: BootstrapOptions): Promise<void> {
  const { namespace, secretName: name } = options;
  const shown = JSON.stringify(`${namespace}/${name}`);
  const wanted = Object.fromEntries(Object.entries(secretEntries(options)).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  cli.say.action(`determining if source secret ${shown} exists`);
  const live = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  if (live.kind === "refused") throw new Failure(`failed to determine if source secret exists: ${live.message}`);
  if (live.kind === "found" && hasAll(live.object, wanted)) return cli.say.success("source secret up to date");
  cli.say.action("generating source secret");
  cli.say.action(`applying source secret ${shown}`);
  const secret: Manifest = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data: wanted };
  const answer = await cluster.apply(secret, { manager: MANAGER, force: true, dryRun: false });
  // The server's words may quote what it was sent.
  if (answer.kind === "refused") throw new Failure(`failed to apply source secret ${shown}: ${answer.reason === "" ? String(answer.code) : answer.reason}`);
  cli.say.success("reconciled source secret");
}

function hasAll(secret: Manifest, wanted: { readonly [key: string]: string }): boolean {
  const data = valueAt(secret, "data");
  return isObject(data) && Object.entries(wanted).every(([key, value]) => data[key] === value);
}
