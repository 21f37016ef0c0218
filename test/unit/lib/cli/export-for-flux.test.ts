import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { describe, expect, it } from "vitest";
import { fixtureObjects } from "../../../support/cli/fixture-objects.ts";
import { createMemoryCli } from "../../../support/cli/memory-cli.ts";

const notification = (kind: string, name: string, spec: object) => ({
  apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
  kind,
  metadata: { name, namespace: "flux-system" },
  spec,
});
const OWN = notification("Provider", "topic", { type: "sns", address: "arn:aws:sns:eu-central-1:123456789012:t" });
const SILENT = notification("Alert", "silent", { providerRef: { name: "topic" }, eventSources: [] });

const namesIn = (yaml: string): readonly string[] =>
  [...yaml.matchAll(/^kind: (\w+)\nmetadata:\n(?: {2,}.*\n)*? {2}name: (\S+)/gm)].map(([, kind, name]) => `${kind}/${name}`);

describe("export --for-flux", () => {
  it("exports what Flux takes, of all kinds", async () => {
    const flux = fixtureObjects().filter(({ kind, apiVersion }) =>
      Object.values(KINDS).some((each) => each.kind === kind && apiVersion.startsWith(each.group)),
    );
    const { code, out, err } = await createMemoryCli({ objects: flux }).run(["export", "--for-flux", "-A"]);
    expect([code, err]).toEqual([0, ""]);
    expect(namesIn(out).toSorted()).toEqual(flux.map(({ kind, metadata }) => `${kind}/${metadata.name}`).toSorted());
  });

  it("names what Flux does not have, and who goes silent without it", async () => {
    const slack = notification("Provider", "chat", { type: "slack" });
    const { code, out, err } = await createMemoryCli({ objects: [OWN, SILENT, slack] }).run(["export", "--for-flux"]);
    expect([code, namesIn(out)]).toEqual([1, ["Provider/chat", "Alert/silent"]]);
    expect(err).toBe(
      "⚠️ Provider/flux-system/topic is left out: Flux has no type sns\n⚠️ Alert/flux-system/silent uses a Provider that is left out\n✗ 1 object(s) use what Flux does not have\n",
    );
  });

  it("says so when there is nothing", async () =>
    expect(await createMemoryCli({ objects: [] }).run(["export", "--for-flux", "-n", "apps"])).toMatchObject({
      code: 1,
      err: "✗ no objects found in apps namespace\n",
    }));
});
