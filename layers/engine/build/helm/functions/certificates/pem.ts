export type PemBlock = { readonly label: string; readonly bytes: Uint8Array };

const BLOCK = /-----BEGIN ([^\n]*?)-----[ \t\r]*\n([A-Za-z0-9+/=\s]*?)-----END \1-----/;

/** The first block of a text; undefined when it has none. Source: Go, encoding/pem Decode. */
export function readPem(text: string): PemBlock | undefined {
  const start = text.indexOf("-----BEGIN ");
  const found = start < 0 ? null : BLOCK.exec(text.slice(start));
  if (found === null) return undefined;
  const [, label = "", body = ""] = found;
  return { label, bytes: Buffer.from(body, "base64") };
}

export function writePem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join("")}-----END ${label}-----\n`;
}
