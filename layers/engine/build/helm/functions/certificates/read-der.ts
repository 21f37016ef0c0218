/** One value of DER: its tag, what is inside, and all of it. */
export type DerPart = { readonly tag: number; readonly content: Uint8Array; readonly whole: Uint8Array };

/** The values that stand one behind the other; undefined where the bytes are no DER. */
export function readDer(bytes: Uint8Array): readonly DerPart[] | undefined {
  const parts: DerPart[] = [];
  for (let at = 0; at < bytes.length; ) {
    const part = readOne(bytes, at);
    if (part === undefined) return undefined;
    parts.push(part);
    at += part.whole.length;
  }
  return parts;
}

function readOne(bytes: Uint8Array, at: number): DerPart | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  if (digits > 4) return undefined;
  const start = at + 2 + digits;
  const length = digits === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
}

/** An integer that is not negative. */
export const integerOf = ({ content }: DerPart): bigint => BigInt(`0x${Buffer.from(content).toString("hex") || "0"}`);
