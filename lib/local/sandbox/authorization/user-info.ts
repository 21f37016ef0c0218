import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { User } from "../http/request.ts";

/** The user as authentication.k8s.io writes it. */
export const userInfo = (user: User): JsonObject => ({
  username: user.name,
  ...(user.uid !== undefined && user.uid !== "" && { uid: user.uid }),
  groups: [...user.groups],
  ...(user.extra !== undefined && { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
});

export const textAt = (value: Json | undefined, field: string): string => {
  const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  return typeof found === "string" ? found : "";
};

export const textsAt = (value: Json | undefined, field: string): readonly string[] => {
  const found = isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  return isArray(found) ? found.filter((item) => typeof item === "string") : [];
};
