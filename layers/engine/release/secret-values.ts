import { secretValuesOf } from "../build/hide-secrets.ts";
import { readYaml } from "../build/yaml/read.ts";
import type { HelmStoredRelease } from "../domain/helm-release.ts";
import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";

/** Every value of the Secrets among the objects and hooks of a release: whatever a chart has drawn or looked up stands there. What cannot be read has none. */
export function secretValuesOfRelease({ manifest, hooks = [] }: Pick<HelmStoredRelease, "manifest" | "hooks">): readonly string[] {
  return [manifest, ...hooks.map((hook) => hook.manifest)].flatMap((text) => {
    if (!SECRET.test(text)) return [];
    const documents = readYaml(text, "last wins");
    return documents.ok ? secretValuesIn(documents.value) : [];
  });
}

/** To read a text costs more than to see that there is nothing in it. */
const SECRET = /\bSecret/;

/** The same of objects, and of lists of them. */
export function secretValuesIn(objects: readonly Json[]): readonly string[] {
  return objects.flatMap((object): readonly string[] => {
    if (!isObject(object)) return [];
    if (isArray(object.items)) return secretValuesIn(object.items.map((item) => (isSecretList(object) && isObject(item) ? { ...item, kind: "Secret" } : item)));
    return object.kind === "Secret" ? secretValuesOf(object) : [];
  });
}

/** Items of a list that a server gives may not say again what they are. */
const isSecretList = ({ kind }: JsonObject): boolean => kind === "SecretList";
