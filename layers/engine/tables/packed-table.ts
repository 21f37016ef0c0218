import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

/** A table as the text of base64 that a bundle carries: a fourth of its JSON. Generators write it beside the JSON, which is what people read. */
export const packTable = (table: unknown): string => brotliCompressSync(JSON.stringify(table)).toString("base64");

/** What a generator has packed. */
export const unpackTable = (packed: string): unknown => JSON.parse(brotliDecompressSync(Buffer.from(packed, "base64")).toString("utf8"));
