/** `HealthCheckFailed` as `health check failed`. Source: reference 4.3.2. */
export const reasonWords = (reason: string): string => (reason.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^A-Za-z\d]+/g) ?? []).join(" ").toLowerCase();
