import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logFileOf, readEnvironment, VERSION } from "../../../lib/config.ts";

describe("readEnvironment", () => {
  it("has defaults", () => {
    expect(readEnvironment({ HOME: "/home/me" }, "/work")).toEqual({
      kubeconfigFiles: ["/home/me/.kube/config"],
      namespaceFollowsContext: false,
      folder: "/work",
      workingFolder: "/work",
      programPath: "",
      cacheFolder: "/home/me/.cache/sluice",
    });
  });

  it("reads every name that means something", () => {
    const environment = {
      HOME: "/h",
      PATH: "/bin",
      KUBECONFIG: "/a::/b",
      FLUX_SYSTEM_NAMESPACE: "infra",
      FLUX_NS_FOLLOWS_KUBE_CONTEXT: "1",
      SLUICE_DIR: "/elsewhere",
    };
    expect(readEnvironment(environment, "/work")).toEqual({
      kubeconfigFiles: ["/a", "/b"],
      namespace: "infra",
      namespaceFollowsContext: true,
      folder: "/elsewhere",
      workingFolder: "/work",
      programPath: "/bin",
      cacheFolder: "/h/.cache/sluice",
    });
  });
});

describe("constants", () => {
  it("has the version of package.json", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(VERSION).toBe(version);
  });

  it("puts the log below .sluice", () => expect(logFileOf("/work")).toBe("/work/.sluice/log.jsonl"));
});
