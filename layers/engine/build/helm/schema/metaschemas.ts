import { onFirstUse } from "../../../tables/on-first-use.ts";
import { unpackTable } from "../../../tables/packed-table.ts";
import packed from "./metaschemas.packed.json" with { type: "json" };
import { readValue, type Value } from "./value.ts";

/** What json-schema.org publishes of drafts 4, 6, 7, 2019-09 and 2020-12, by address: metaschemas.generated.json, and the same in few bytes. */
const published: () => ReadonlyMap<string, string> = onFirstUse(() => {
  const table = unpackTable(packed) as Readonly<Record<string, unknown>>; // our own
  return new Map(Object.entries(table).map(([url, schema]): [string, string] => [url, JSON.stringify(schema)]));
});

/** The schema of schemas at an address, over http or https; undefined when there is none. */
export function metaschemaAt(url: string): Value | undefined {
  const [, name] = /^https?:\/\/json-schema\.org\/(.*)$/.exec(url) ?? [];
  if (name === undefined) return undefined;
  const path = name === "schema" ? "draft/2020-12/schema" : name;
  const text = published().get(`https://json-schema.org/${path}`) ?? published().get(`http://json-schema.org/${path}`);
  const read = text === undefined ? undefined : readValue(text);
  return read?.ok ? read.value : undefined;
}
