/** One field as it stands in the bytes. */
export type Wire =
  | { readonly kind: "varint"; readonly value: bigint }
  | { readonly kind: "fixed64"; readonly value: number }
  | { readonly kind: "fixed32"; readonly value: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

/** The fields of a message, one after the other. Throws at the end of the bytes in the middle of one. Source: protobuf.dev, encoding. */
export function* createReader(bytes: Uint8Array): Generator<{ readonly number: number; readonly wire: Wire }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error("unexpected EOF");
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error("integer overflow");
  };

  const take = (length: number): number => {
    const start = at;
    if (length < 0 || start + length > bytes.length) throw new Error("unexpected EOF");
    at += length;
    return start;
  };

  while (at < bytes.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, wire: { kind: "varint", value: varint() } };
        break;
      case 1:
        yield { number, wire: { kind: "fixed64", value: view.getFloat64(take(8), true) } };
        break;
      case 2: {
        const length = Number(varint());
        const start = take(length);
        yield { number, wire: { kind: "bytes", bytes: bytes.subarray(start, start + length) } };
        break;
      }
      case 5:
        yield { number, wire: { kind: "fixed32", value: view.getFloat32(take(4), true) } };
        break;
      default:
        throw new Error(`unknown wire type ${key % 8}`);
    }
  }
}
