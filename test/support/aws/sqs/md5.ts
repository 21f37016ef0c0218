import { createHash } from "node:crypto";

/** A message attribute as it travels; binary values in base64. */
export type MessageAttribute = { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string };

export const md5OfBody = (body: string): string => createHash("md5").update(body).digest("hex");

/** Source: SQS Developer Guide, "Calculating the MD5 message digest for message attributes". */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).toSorted();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.from([attribute.BinaryValue === undefined ? 1 : 2]));
    add(attribute.BinaryValue === undefined ? Buffer.from(attribute.StringValue ?? "") : Buffer.from(attribute.BinaryValue, "base64"));
  }
  return hash.digest("hex");
}
