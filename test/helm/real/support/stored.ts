import { gunzipSync, gzipSync } from "node:zlib";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { secretRef, type World } from "./world.ts";

/** The JSON of a release, byte for byte as it stands in its Secret. */
export async function storedJson(world: World, namespace: string, release: string, version: number): Promise<string> {
  return jsonOf(await world.must(secretRef(namespace, release, version)));
}

export function jsonOf({ data }: Manifest): string {
  const { release } = data as { readonly release: string }; // Helm's own Secret
  return gunzipSync(Buffer.from(Buffer.from(release, "base64").toString(), "base64")).toString();
}

/** The Secret with another release in it. */
export function withJson(secret: Manifest, json: string, labels: { readonly [key: string]: string } = {}): Manifest {
  const release = Buffer.from(gzipSync(json).toString("base64")).toString("base64");
  return { ...secret, metadata: { ...secret.metadata, labels: { ...secret.metadata.labels, ...labels } }, data: { release } };
}

/** Changes what is stored, as somebody would by hand. */
export async function editStored(
  world: World,
  [namespace, release, version]: readonly [string, string, number],
  change: (json: string) => string,
  labels: { readonly [key: string]: string } = {},
): Promise<void> {
  const secret = await world.must(secretRef(namespace, release, version));
  const answer = await world.cluster.replace(withJson(secret, change(jsonOf(secret)), labels), { manager: "somebody" });
  if (answer.kind !== "replaced") throw new Error(`the release was not written: ${JSON.stringify(answer)}`);
}
