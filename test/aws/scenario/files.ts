import type { Files } from "../../support/git/local-server.ts";

/** The ConfigMaps of a repository, by name, and what they say. */
export type Values = Readonly<Record<string, string>>;

/** Two Kustomizations must not have one Secret. */
export const secretNameOf = (object: string): string => `${object}-canary`;

/** A repository with these ConfigMaps and no others, and a Secret with `secret` in it. */
export const filesOf = (values: Values, object: string, secret: string): Files => ({
  "kustomization.yaml": ["resources:", ...Object.keys(values).map((name) => `  - ${name}.yaml`), "  - secret.yaml", ""].join("\n"),
  "secret.yaml": `apiVersion: v1\nkind: Secret\nmetadata: { name: ${secretNameOf(object)}, namespace: default }\nstringData: { password: ${secret} }\n`,
  ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}.yaml`, configMap(name, value)])),
});

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: default }\ndata: { value: ${JSON.stringify(value)} }\n`;
