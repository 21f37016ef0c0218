const LONG = /\b[a-f0-9]{40,128}\b/g;
const SHOWN = 8;

/** Every digest and commit in `text`, cut to its first 8 characters. Source: reference 6.1. */
export const shortenHex = (text: string): string => text.replace(LONG, (hex) => hex.slice(0, SHOWN));
