/**
 * Where Go's decoder stops, in bytes; undefined when it does not. `padded`: with `=` at the end, as everywhere but in URLs.
 * Source: encoding/base64 decodeQuantum; line ends are skipped, and counted.
 */
export function badBase64At(text: string, padded: boolean): number | undefined {
  let inQuantum = 0;
  let padding = 0;
  const bytes = Buffer.from(text);
  for (const [index, byte] of bytes.entries()) {
    const char = String.fromCharCode(byte);
    if (char === "\n" || char === "\r") continue;
    if (padding > 0) {
      if (char !== "=" || inQuantum + padding >= 4) return index;
      padding += 1;
    } else if (char === "=" && padded) {
      if (inQuantum < 2 || inQuantum === 4) return index;
      padding = 1;
    } else if (/[A-Za-z0-9+/]/.test(char)) inQuantum = (inQuantum % 4) + 1;
    else return index;
  }
  const left = inQuantum % 4;
  if (padding > 0) return inQuantum + padding === 4 ? undefined : bytes.length;
  if (left === 0 || (!padded && left > 1)) return undefined;
  return bytes.length - left;
}
