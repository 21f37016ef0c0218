export const AUTHENTICATED = "system:authenticated";
export const UNAUTHENTICATED = "system:unauthenticated";
export const ANONYMOUS = "system:anonymous";

export const withGroup = (groups: readonly string[], group: string): readonly string[] => (groups.includes(group) ? groups : [...groups, group]);
