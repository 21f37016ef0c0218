/**
 * What gives access has no business in a text that somebody reads, and nothing of ours puts it there. This is the net below, by the looks of what we handle:
 * tokens of EKS and GitHub, keys of AWS, presigned URLs, headers, signatures, URLs with a user, when somebody else's error message repeats them.
 */
const SECRETS = [
  /k8s-aws-v1\.[\w-]+/g,
  /\b(?:gh[a-z]_|github_pat_)\w+/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(?<=\b(?:Bearer|Basic) )[\w.~+/=-]+/gi,
  /(?<=\bX-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"]+/gi,
  /(?<=\bsha256=)[0-9a-f]{64}\b/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
];

/** `text` with what looks like a secret taken out. */
export const withoutSecrets = (text: string): string => SECRETS.reduce((rest, secret) => rest.replace(secret, "[secret]"), text);
