import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeyPair } from "../../lib/local/sandbox/pki/pki.ts";
import { applyCases } from "./cases/apply.ts";
import { authorizationCases } from "./cases/authorization.ts";
import { builtInCases } from "./cases/built-in.ts";
import { controllerCases } from "./cases/controllers.ts";
import { definitionCases } from "./cases/definitions.ts";
import { discoveryCases } from "./cases/discovery.ts";
import { objectCases } from "./cases/objects.ts";
import { patchCases } from "./cases/patches.ts";
import { tableCases } from "./cases/tables.ts";
import { watchCases } from "./cases/watch.ts";
import { type Client, createClient } from "./client.ts";
import { type ContractCase, createStory } from "./story.ts";

/** One API server with its controllers, however it is made. */
export type ContractCluster = {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly admin: KeyPair;
  issue(user: string, groups: readonly string[]): KeyPair;
  stop(): Promise<void>;
};

const areas: { readonly [area: string]: readonly ContractCase[] } = {
  discovery: discoveryCases,
  objects: objectCases,
  watch: watchCases,
  patches: patchCases,
  apply: applyCases,
  "built-in kinds": builtInCases,
  definitions: definitionCases,
  authorization: authorizationCases,
  controllers: controllerCases,
  tables: tableCases,
};

/**
 * The contract of an API server. Each case plays requests and compares all answers, to the letter, with what a real kube-apiserver answered
 * (recorded/<area>/<case>.txt, written by `npm run test:contract:real -- --update`). Each case has a namespace of its own.
 */
export function describeCluster(name: string, create: () => Promise<ContractCluster>): void {
  describe(name, () => {
    let cluster: ContractCluster;
    let client: Client;
    beforeAll(async () => {
      cluster = await create();
      client = createClient({ url: cluster.url, ca: cluster.ca, admin: identityOf(cluster.admin) });
    });
    afterAll(async () => {
      client?.close();
      await cluster?.stop();
    });

    for (const [area, cases] of Object.entries(areas))
      describe(area, () => {
        it.each(cases)("$title", async (contractCase) => {
          const namespace = `c-${randomBytes(4).toString("hex")}`;
          const issue = (user: string, groups: readonly string[]) => identityOf(cluster.issue(user, groups));
          const story = createStory({ client, namespace, issue, managedFields: contractCase.managedFields === true });
          await story.begin();
          try {
            await contractCase.play(story);
          } finally {
            await story.end();
          }
          await expect(story.transcript()).toMatchFileSnapshot(`recorded/${area.replaceAll(" ", "-")}/${fileName(contractCase.title)}.txt`);
        });
      });
  });
}

const identityOf = ({ certificate, key }: KeyPair) => ({ cert: certificate, key });
const fileName = (title: string): string => title.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
