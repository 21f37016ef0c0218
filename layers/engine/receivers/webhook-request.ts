/** What validation looks at of a request; header names in small letters. */
export type WebhookRequest = { readonly headers: { readonly [name: string]: string }; readonly body: Uint8Array };

/** The header's value, or `""` when it was not sent. */
export const headerOf = ({ headers }: WebhookRequest, name: string): string => (Object.hasOwn(headers, name) ? (headers[name] ?? "") : "");
