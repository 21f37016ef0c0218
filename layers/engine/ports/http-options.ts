import type { Secret } from "../domain/secret.ts";

/** PEM texts. `ca` is trusted beside what the system trusts. */
export type HttpTls = { readonly ca?: string; readonly certificate?: string; readonly key?: Secret };

export type HttpProxy = { readonly address: string; readonly username?: string; readonly password?: Secret };
