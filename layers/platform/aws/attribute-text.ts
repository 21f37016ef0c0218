/** What XML 1.0 cannot hold; lone surrogates are among it. */
const UNWRITABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\u{FFFE}\u{FFFF}]/gu;

/** `text` as attributes of messages take it: SQS and SNS refuse the whole message otherwise. Source: SQS API reference, SendMessage. */
export const attributeText = (text: string): string => text.replace(UNWRITABLE, "\u{FFFD}");
