import { attributeText } from "../aws/attribute-text.ts";

const LONGEST = 1_000;
/** Whoever builds an error keeps secrets out of it; this is for those who did not, by the looks of the tokens that we handle. */
const TOKENS = [
  /k8s-aws-v1\.[\w-]+/g,
  /\b(?:gh[a-z]_|github_pat_)\w+/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(?<=\b(?:Bearer|Basic) )[\w.~+/=-]+/gi,
  /(?<=\bX-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
];

/** Why a message was put aside, as the attribute of a message can hold it: one text without secrets of known forms, cut to 1,000 characters. */
export function reasonText(reason: string): string {
  const masked = TOKENS.reduce((text, token) => text.replace(token, "[secret]"), reason.slice(0, 20 * LONGEST));
  const letters = [...attributeText(masked).trim()];
  return letters.length <= LONGEST ? letters.join("") : `${letters.slice(0, LONGEST - 1).join("")}…`;
}
