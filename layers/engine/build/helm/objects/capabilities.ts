import { BOOL, type GoMethod, type GoType, named, pointerTo, STRING, STRINGS, structType } from "../go/type.ts";
import { type GoValue, goSlice, goStruct, isStruct } from "../go/value.ts";
import type { HelmCapabilities } from "../render.ts";

/** What `.Capabilities.HelmVersion` says: the version of the library that Flux is built with, without its last number, as a library says it. Source: Helm 4.2, internal/version. */
const HELM_VERSION = { Version: "v4.2", GitCommit: "", GitTreeState: "", GoVersion: "go1.26.3", KubeClientVersion: "v1.36" };

const field = (self: GoValue, name: string): GoValue => {
  const struct = typeof self === "object" && self !== null && self.go === "pointer" ? self.to : self;
  return struct !== null && isStruct(struct) ? (struct.fields.get(name) ?? null) : null;
};

const plain = (result: GoType, call: (self: GoValue) => GoValue): GoMethod => ({ params: [], variadic: false, result, call });

const KUBE_VERSION: GoType = structType("common.KubeVersion", {
  print: (self) => String(field(self, "Version") ?? ""),
  methods: new Map<string, GoMethod>([
    ["String", plain(STRING, (self) => field(self, "Version"))],
    ["GitVersion", plain(STRING, (self) => field(self, "Version"))],
  ]),
});

const VERSION_SET: GoType = named("common.VersionSet", STRINGS, {
  methods: new Map<string, GoMethod>([
    [
      "Has",
      {
        params: [STRING],
        variadic: false,
        result: BOOL,
        call: (self, [version]) => typeof self === "object" && self !== null && self.go === "slice" && self.items.includes(version ?? null),
      },
    ],
  ]),
});

const BUILD_INFO: GoType = structType("version.BuildInfo", {
  json: (self) => {
    const tags = {
      Version: "version",
      GitCommit: "git_commit",
      GitTreeState: "git_tree_state",
      GoVersion: "go_version",
      KubeClientVersion: "kube_client_version",
    };
    const entries = Object.entries(tags).map(([name, tag]): [string, GoValue] => [tag, field(self, name)]);
    return goStruct(
      structType("version.BuildInfo"),
      entries.filter(([, value]) => value !== "" && value !== null),
    );
  },
});

const CAPABILITIES: GoType = pointerTo(
  structType("common.Capabilities", { methods: new Map<string, GoMethod>([["Copy", { params: [], variadic: false, result: STRING, call: (self) => self }]]) }),
);

/** `.Capabilities`. Source: Helm 4, pkg/chart/common/capabilities.go. */
export function capabilitiesObject({ kubeVersion, apiVersions }: HelmCapabilities): GoValue {
  const { version, major, minor } = kubeVersion;
  const struct = goStruct(CAPABILITIES.element ?? CAPABILITIES, [
    [
      "KubeVersion",
      goStruct(KUBE_VERSION, [
        ["Version", version],
        ["Major", major],
        ["Minor", minor],
      ]),
    ],
    ["APIVersions", goSlice(apiVersions, VERSION_SET)],
    ["HelmVersion", goStruct(BUILD_INFO, Object.entries(HELM_VERSION))],
  ]);
  return { go: "pointer", type: CAPABILITIES, to: struct };
}
