import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Dev, startDev } from "./support/dev.ts";
import { shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const TOKEN = "a-token-that-both-know";

/** `flux trigger receiver` finds the path by itself, and asks no cluster: it has to come to the same one. */
describe("npm start, and the real flux as the sender of webhooks", () => {
  let dev: Dev;
  let shell: ReturnType<typeof shellFor>;
  let url = "";
  const flux = (words: string): ReturnType<typeof shell.sh> => shell.sh(`'${process.env.FLUX ?? "FLUX is not set"}' ${words}`);
  const handled = (): Promise<string> => shell.must("kubectl -n flux-system get gitrepository workshop -o jsonpath='{.status.lastHandledReconcileAt}'");

  beforeAll(async () => {
    dev = await startDev([]);
    await dev.ready();
    shell = shellFor(dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
    url = new URL(dev.printed().cloneUrl).origin;
  });
  afterAll(async () => dev?.dispose());

  it.each(["generic", "generic-hmac"])("flux trigger receiver --type %s", async (type) => {
    await shell.must(`cat <<'END' | kubectl apply -f -
apiVersion: v1
kind: Secret
metadata: {name: ${type}, namespace: flux-system}
stringData: {token: ${TOKEN}}
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: ${type}, namespace: flux-system}
spec: {type: ${type}, secretRef: {name: ${type}}, resources: [{kind: GitRepository, name: workshop}]}
END`);
    await until("Receiver → Ready", async () => (await flux(`get receivers ${type}`)).out.includes("True"));
    const before = await handled();
    expect(await flux(`trigger receiver ${type} --type ${type} --url ${url} --token ${TOKEN}`)).toMatchObject({ code: 0 });
    await until("webhook → looked", async () => (await handled()) !== before);
  });

  it("with another token it finds another path, which is nobody's", async () => {
    const before = await handled();
    const { code } = await flux(`trigger receiver generic-hmac --type generic-hmac --url ${url} --token another --timeout 5s`);
    expect(code).toBe(1);
    expect(await handled()).toBe(before);
  });
});
