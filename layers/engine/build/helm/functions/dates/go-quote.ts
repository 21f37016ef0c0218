/** A text as errors of Go's package time quote it: what is not ASCII as its bytes. Source: Go, time quote. */
export const goQuote = (text: string): string =>
  `"${Array.from(text, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    return character >= " " && character < "\u0080" ? character : bytesOf(character);
  }).join("")}"`;

const bytesOf = (character: string): string => [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
