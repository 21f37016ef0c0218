import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { crdManifests } from "@sluice/engine/flux/crds.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { EXAMPLES } from "../support/flux/examples.ts";
import type { Answer, Client } from "./client.ts";

const CONFORMANCE = new URL("../conformance/", import.meta.url);
const NAMESPACE = `contract-flux-schemas-${process.pid}`;
const PATIENCE = 30_000;

/** A recorded answer of the API server to a spec, with strict field validation. */
type Recorded = { readonly what: string; readonly spec?: unknown; readonly accepted: boolean; readonly code?: number; readonly reason?: string } & {
  readonly message?: string;
  readonly stored?: unknown;
  readonly status?: unknown;
};
type Enumerations = { readonly [list: string]: { readonly accepted: readonly string[]; readonly refused: readonly string[] } };

/**
 * Does the API server say to an object of Flux's API what it says with Flux's own CRDs? Against recordings of the server's words.
 * Installs the CRDs and leaves them there; every object is a dry run.
 */
export function describeFluxSchemas(name: string, connect: () => Promise<{ readonly client: Client; stop(): Promise<void> }>): void {
  describe(`the CRDs on ${name}`, () => {
    let client: Client;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      ({ client, stop } = await connect());
      await install(client);
    });
    afterAll(async () => {
      await client.call("DELETE", `/api/v1/namespaces/${NAMESPACE}`);
      client.close();
      await stop();
    });

    it.each(Object.values(EXAMPLES))("accepts a $kind with most of its fields, and knows every one of them", async ({ kind, spec }) => {
      const facts = Object.values(KINDS).find((candidate) => candidate.kind === kind);
      expect(facts).toBeDefined();
      if (facts !== undefined) expect(await createDry(client, facts, spec)).toMatchObject({ code: 201, body: { spec } });
    });

    it.each([
      ["GitRepository", "sources/refused-spec"],
      ["HelmRelease and HelmChart", "helm/refused-specs"],
    ])("refuses a wrong %s in the recorded words", async (_, file) => {
      const said: string[] = [];
      for (const object of refusedOf(file)) said.push((await applyDry(client, object)).body.message.replaceAll(NAMESPACE, "$" + "{NS}"));
      expect(said).toEqual(Object.values<{ refused?: string[] }>(read(`recorded/${file}.yaml`)).flatMap(({ refused }) => refused ?? []));
    });

    it.each(["alert", "provider", "receiver"])("answers an %s as recorded", async (file) => {
      const recorded: readonly Recorded[] = read(`notifications/validation/${file}.yaml`).answers;
      const kind = KINDS[file === "alert" ? "Alert" : file === "provider" ? "Provider" : "Receiver"];
      for (const { what, spec, ...want } of recorded) {
        const filled = fill(spec);
        const answer = await createDry(client, kind, filled);
        expect({ what, ...answerOf(answer) }).toEqual({ what, ...wantOf(want, filled) });
      }
    });

    it.each([
      ["providerTypes", KINDS.Provider, (type: string) => ({ type })],
      ["alertSourceKinds", KINDS.Alert, (kind: string) => ({ providerRef: { name: "p" }, eventSources: [{ kind, name: "*" }] })],
      ["receiverTypes", KINDS.Receiver, (type: string) => ({ type, ...credentialsOf(type), resources: [{ kind: "Bucket", name: "b" }] })],
      ["receiverResourceKinds", KINDS.Receiver, (kind: string) => ({ type: "github", secretRef: { name: "s" }, resources: [{ kind, name: "b" }] })],
    ])("knows the recorded %s", async (list, kind, specOf) => {
      const { accepted, refused } = (read("notifications/validation/enumerations.yaml") as Enumerations)[list] ?? { accepted: [], refused: [] };
      const codes: [string, number][] = [];
      for (const value of [...accepted, ...refused]) codes.push([value, (await createDry(client, kind, specOf(value))).code]);
      expect(codes).toEqual([...accepted.map((value) => [value, 201]), ...refused.map((value) => [value, 422])]);
    });
  });
}

const credentialsOf = (type: string) =>
  type === "generic-oidc"
    ? { oidcProviders: [{ issuerURL: "https://issuer.example.com", validations: [{ expression: "true", message: "no" }] }] }
    : { secretRef: { name: "s" } };

const read = (path: string) => parse(readFileSync(new URL(path, CONFORMANCE), "utf8"));

type Anything = { readonly apiVersion: string; readonly kind: keyof typeof KINDS; readonly metadata: { readonly name: string } };

const refusedOf = (file: string): readonly Anything[] =>
  read(`scenarios/${file}.yaml`).steps.flatMap(({ refuse }: { refuse?: string }) =>
    refuse === undefined ? [] : parseAllDocuments(refuse).map((document) => document.toJS()),
  );

async function install(client: Client): Promise<void> {
  for (const crd of crdManifests({ version: "v2.9.5" })) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
    const answer = await client.call("PATCH", `${path}?fieldManager=flux&force=true`, { body: crd, contentType: "application/apply-patch+yaml" });
    if (answer.code > 201) throw new Error(`${path}: ${answer.text}`);
  }
  const made = await client.call("POST", "/api/v1/namespaces", { body: { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } } });
  if (made.code !== 201) throw new Error(made.text);
  const since = Date.now();
  for (const kind of Object.values(KINDS)) {
    while ((await client.call("GET", pathOf(kind))).code !== 200) {
      if (Date.now() - since > PATIENCE) throw new Error(`${kind.plural} are not served`);
      await delay(100);
    }
  }
}

type Named = { readonly group: string; readonly version: string; readonly kind: string; readonly plural: string };
const pathOf = ({ group, version, plural }: Named): string => `/apis/${group}/${version}/namespaces/${NAMESPACE}/${plural}`;

const applyDry = (client: Client, object: Anything): Promise<Answer> =>
  client.call("PATCH", `${pathOf(KINDS[object.kind])}/${object.metadata.name}?dryRun=All&fieldManager=user&force=true`, {
    body: { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } },
    contentType: "application/apply-patch+yaml",
  });

const createDry = (client: Client, kind: Named, spec: unknown): Promise<Answer> =>
  client.call("POST", `${pathOf(kind)}?dryRun=All&fieldValidation=Strict`, {
    body: { apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind, metadata: { name: "tried" }, ...(spec !== undefined && { spec }) },
  });

const answerOf = ({ code, body }: Answer) =>
  code === 201
    ? { accepted: true, spec: body.spec, ...(body.status !== undefined && { status: body.status }) }
    : { accepted: false, code, reason: body.reason, message: body.message };

function wantOf(want: Omit<Recorded, "what" | "spec">, spec: unknown) {
  if (!want.accepted) return { accepted: false, code: want.code, reason: want.reason, message: want.message };
  return { accepted: true, spec: fill(want.stored) ?? spec, ...(want.status !== undefined && { status: want.status }) };
}

/** The recordings write `${x:256}` for so many letters x. */
const fill = (value: unknown): unknown =>
  value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value), (_, item) =>
        typeof item === "string" ? item.replaceAll(/\$\{x:(\d+)\}/g, (_whole, times) => "x".repeat(Number(times))) : item,
      );
