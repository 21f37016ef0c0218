import { attributeText } from "../aws/attribute-text.ts";
import { withoutSecrets } from "../log/without-secrets.ts";

const LONGEST = 1_000;
/** Why a message was put aside, as the attribute of a message can hold it: one text without secrets of known forms, cut to 1,000 characters. */
export function reasonText(reason: string): string {
  const letters = [...attributeText(withoutSecrets(reason.slice(0, 20 * LONGEST))).trim()];
  return letters.length <= LONGEST ? letters.join("") : `${letters.slice(0, LONGEST - 1).join("")}…`;
}
