import { readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { groupOf } from "@sluice/engine/domain/manifest.ts";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { createReceiverWorld } from "../../../support/receivers/world.ts";

/** An object as it lay in the cluster; `"(none)"` is no status. */
type Found = Pick<Manifest, "apiVersion" | "kind" | "spec"> & {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly finalizers?: readonly string[]; readonly generation: number };
  readonly status: unknown;
};

const FILE = new URL("../../../conformance/notifications/static/provider-and-alert.yaml", import.meta.url);
const { found }: { readonly found: readonly Found[] } = parse(readFileSync(FILE, "utf8"));

it.each(found)("static/provider-and-alert: the $kind lies as it lay with the real controller, after two passes", async ({ status, ...recorded }) => {
  const { apiVersion, kind, spec, metadata } = recorded;
  const { name, namespace, generation, finalizers = [] } = metadata;
  const world = await createReceiverWorld({ get: () => Promise.reject(new Error("nobody is asked")) });
  await world.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await world.put(JSON.parse(JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec })));
  const key = { cluster: "test", group: groupOf(apiVersion), kind, namespace, name };
  for (const cause of ["new", "interval"]) await world.engine().run({ kind: "object", key, cause, look: cause });
  const lies = await world.find({ apiVersion, kind, namespace, name });
  expect({ spec: lies?.spec, status: lies?.status ?? "(none)", generation: lies?.metadata.generation, finalizers: lies?.metadata.finalizers ?? [] }).toEqual({
    spec,
    status,
    generation,
    finalizers,
  });
  expect(world.events).toEqual([]);
});
