/** Every space a plain one, and what cannot be printed dropped. Source: Helm 4, sanitizeString; Go's unicode.IsSpace and unicode.IsPrint. */
export const sanitize = (text: string): string =>
  text.replaceAll(/[\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g, " ").replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "");
