import type { Json } from "../domain/json.ts";

/** One line per stage, fields and no prose: `object`, `revision`, `stage`, `outcome`, `ms`. */
export type Log = {
  info(message: string, fields: { readonly [field: string]: Json | undefined }): void;
  error(message: string, fields: { readonly [field: string]: Json | undefined }): void;
};
