/** Of what SQS refuses, the letters that JSON leaves as they are; a branch may be named so. Source: SQS API reference, SendMessage. */
const UNWRITABLE = /[\uFFFE\uFFFF]/g;

/** JSON that means the same and that SQS takes. */
export const escapeUnwritable = (json: string): string => json.replace(UNWRITABLE, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`);
