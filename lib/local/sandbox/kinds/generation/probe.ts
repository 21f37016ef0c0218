import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { KindRow } from "../table.ts";
import type { ApiClient } from "./api-client.ts";
import { seeds } from "./seeds.ts";

export type Probe = { readonly given: JsonObject; readonly code: number; readonly answer: JsonObject };

/** What dry-run creations of `seeds` return. */
export async function probe(api: ApiClient, kinds: readonly KindRow[]): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  for (const given of seeds) {
    const row = kinds.find(({ group, version, kind }) => given.kind === kind && given.apiVersion === (group === "" ? version : `${group}/${version}`));
    if (row === undefined) continue;
    const root = row.group === "" ? `/api/${row.version}` : `/apis/${row.group}/${row.version}`;
    const { code, body } = await api.send("POST", `${root}${row.namespaced === true ? "/namespaces/default" : ""}/${row.plural}?dryRun=All`, given);
    probes.push({ given, code, answer: body });
  }
  return probes;
}
