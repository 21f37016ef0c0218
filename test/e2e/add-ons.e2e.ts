import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { type ApiServer, startApiServer } from "../support/kubernetes/api-server.ts";
import { tellOfAddOns } from "./support/add-ons.ts";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, startDev } from "./support/dev.ts";
import { startKubelet } from "./support/kubelet.ts";
import { shellFor } from "./support/shell.ts";

const NAMESPACE = "sluice-examples";
const ADD_ONS = new URL("../../examples/workshop/clusters/local/add-ons.yaml", import.meta.url);

/** A cluster that is not ours gets no add-ons of the whole cluster: this one wants them, and has somebody who plays its nodes. */
describe("npm start -- --kubeconfig, the workshop's add-ons on a real API server", () => {
  let cluster: ApiServer;
  let dev: Dev;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;
  let kubelet: ReturnType<typeof startKubelet>;

  beforeAll(async () => {
    const assets = process.env.KUBEBUILDER_ASSETS ?? "";
    if (assets === "") throw new Error("KUBEBUILDER_ASSETS is not set: see test/support/kubernetes/README.md");
    cluster = await startApiServer({ assets });
    dev = await startDev(["--kubeconfig", cluster.kubeconfig]);
    await dev.ready();
    shell = shellFor(cluster.kubeconfig, join(dev.folder, ".sluice", "bin"));
    kubelet = startKubelet(shell);
    clone = await cloneOf(dev.printed().cloneUrl);
    const addOns = (await readFile(ADD_ONS, "utf8")).replace("namespace: flux-system", `namespace: ${NAMESPACE}`);
    await shell.must(`kubectl apply -f - <<'END'\n${addOns}  targetNamespace: ${NAMESPACE}\nEND`);
  });
  afterAll(async () => {
    await kubelet?.stop();
    await clone?.dispose();
    await dev?.dispose();
    await cluster?.stop();
  });

  tellOfAddOns({ shell: () => shell, clone: () => clone, namespace: NAMESPACE });
});
