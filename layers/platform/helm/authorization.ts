import type { Secret } from "@sluice/engine/domain/secret.ts";

export const basicAuthorization = (username: string, password: Secret): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`, "utf8").toString("base64")}`;
