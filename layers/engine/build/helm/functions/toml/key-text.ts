import { quotedText } from "./quoted-text.ts";

const BARE = /^[A-Za-z0-9_-]+$/;

/** A part of a key, in quotes where it needs them. Source: BurntSushi/toml meta.go (maybeQuoted). */
export const partText = (part: string): string => (BARE.test(part) ? part : quotedText(part));

export const keyText = (parts: readonly string[]): string => parts.map(partText).join(".");
