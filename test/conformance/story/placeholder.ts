/** `NS` → `${NS}`, as it stands in scenarios and recordings. */
export const placeholder = (name: string): string => `\${${name}}`;
