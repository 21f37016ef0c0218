import { bytesOf, stringOf } from "../../go/bytes.ts";

/** The bytes of Go's string as a text with a character for each byte (U+0000 to U+00FF), so that positions in it are Go's. Most texts are that already. */
export const octetsOf = (text: string): string => (ASCII.test(text) ? text : Buffer.from(bytesOf(text)).toString("latin1"));

export const textOfOctets = (octets: string): string => (ASCII.test(octets) ? octets : stringOf(Buffer.from(octets, "latin1")));

const ASCII = /^[\0-\x7f]*$/;
