/** A field of a message in protobuf's wire format. Source: protobuf.dev, "Encoding". */
export type Field = Uint8Array;

/** A message is its fields, one after the other. */
export const message = (...fields: readonly Field[]): Uint8Array => Buffer.concat(fields);

/** A text, bytes or a message: all that has a length of its own. */
export function bytesField(number: number, value: string | Uint8Array): Field {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

export const varintField = (number: number, value: number): Field => Buffer.concat([varint(BigInt(number << 3)), varint(BigInt(value))]);

export function fixed32Field(number: number, value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([varint(BigInt((number << 3) | 5)), bytes]);
}

export function fixed64Field(number: number, value: bigint): Field {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return Buffer.concat([varint(BigInt((number << 3) | 1)), bytes]);
}

/** Seven bits a byte, the lowest first; all but the last have their top bit set. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}
