import type { DefaultTable, KindRow, Node } from "../table.ts";
import type { ApiClient } from "./api-client.ts";

export async function readDefaults(_api: ApiClient, _kinds: readonly KindRow[], _definitions: ReadonlyMap<string, Node>): Promise<DefaultTable> {
  return {};
}
