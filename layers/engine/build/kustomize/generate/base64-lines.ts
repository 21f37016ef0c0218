const LINE = 70;

/** Base64 in lines of 70 letters, each with a line break behind it, unless all of it is shorter than one line. Source: kyaml/yaml/datamap.go. */
export function base64Lines(value: string | Uint8Array): string {
  const letters = (typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value)).toString("base64");
  return letters.length < LINE ? letters : letters.replace(/.{1,70}/g, "$&\n");
}
