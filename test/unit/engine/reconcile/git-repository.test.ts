import { unpackArtifact } from "@sluice/engine/source/unarchive.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../support/git-world.ts";

const URL_OF = "https://git.example.com/app.git";
const FAILED = "failed to checkout and determine revision: ";
let world: World;
beforeEach(() => {
  world = createWorld();
});

const ready = (revision: string, generation = 1): readonly string[] => [
  `ArtifactInStorage True Succeeded ${generation} stored artifact for revision '${revision}'`,
  `Ready True Succeeded ${generation} stored artifact for revision '${revision}'`,
  `observed ${generation}`,
];
const failing = (condition: string, reason: string, message: string, progress: string, generation = 1, observed = -1): readonly string[] => [
  `${condition} True ${reason} ${generation} ${message}`,
  `Ready False ${reason} ${generation} ${message}`,
  `Reconciling True ProgressingWithRetry ${generation} ${progress}`,
  `observed ${observed}`,
];
const stalledBy = (reason: string, message: string, condition?: string): readonly string[] => [
  ...(condition === undefined ? [] : [`${condition} True ${reason} 1 ${message}`]),
  `Ready False ${reason} 1 ${message}`,
  `Stalled True ${reason} 1 ${message}`,
  "observed 1",
];
const put = (name: string, data: { readonly [key: string]: string }): void =>
  world.put({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "apps" },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
  });
/** Every ended pass is followed by one more: it must change nothing. */
async function atRest(): Promise<void> {
  const before = JSON.stringify(world.object());
  await world.pass();
  expect(JSON.stringify(world.object())).toBe(before);
  expect(world.writes).toEqual([]);
}
const paths = (name = "app"): readonly string[] => {
  const { artifact } = world.status(name) as { readonly artifact?: { readonly digest: string } };
  const tree = unpackArtifact(world.stored.get(artifact?.digest ?? "") ?? new Uint8Array());
  return tree.ok ? [...tree.value.keys()] : [tree.problem];
};

describe("a first pass", () => {
  it("adds the finalizer, announces itself, stores the artifact and says so", async () => {
    const id = world.commit("one\n\nbody", { "a.txt": "one" });
    world.spec({});
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: `main@sha1:${id}` });
    expect(world.writes).toEqual(["metadata by source-controller", "status by source-controller", "status by source-controller"]);
    expect(world.lines()).toEqual(ready(`main@sha1:${id}`));
    expect(world.status().artifact).toMatchObject({
      path: `gitrepository/apps/app/${id}.tar.gz`,
      revision: `main@sha1:${id}`,
      lastUpdateTime: "2030-01-01T00:00:00Z",
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9090\/artifacts\/[0-9a-f]{64}\.tar\.gz$/),
    });
    expect(world.events).toEqual(["Normal NewArtifact stored artifact for commit 'one'"]);
    expect(world.metadata[0]).toEqual({
      "source.toolkit.fluxcd.io/revision": `main@sha1:${id}`,
      "source.toolkit.fluxcd.io/digest": (world.status().artifact as { digest: string }).digest,
    });
    await atRest();
    expect(world.asked).toEqual([`resolve refs/heads/main ${id.slice(0, 4)}`]);
    expect(world.events).toEqual([]);
  });

  it("adds no finalizer to a cluster that Sluice is leaving", async () => {
    world.spec({});
    world.objects.delete("Deployment/flux-system/sluice");
    expect((await world.pass()).kind).toBe("skipped");
    expect(world.writes).toEqual([]);
  });

  it("carries the annotations that the source asks for into its events", async () => {
    world.commit("one", {});
    world.spec({});
    world.annotate({ "event.toolkit.fluxcd.io/team": "blue", "example.com/note": "not for events" });
    await world.pass();
    expect(Object.keys(world.metadata[0] ?? {}).toSorted()).toEqual([
      "event.toolkit.fluxcd.io/team",
      "source.toolkit.fluxcd.io/digest",
      "source.toolkit.fluxcd.io/revision",
    ]);
  });
});

describe("later passes", () => {
  beforeEach(async () => {
    world.commit("one", { "a.txt": "one" });
    world.spec({});
    await world.pass();
  });

  it("follows a new commit, announcing it first", async () => {
    const id = world.commit("two", { "a.txt": "two" });
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: `main@sha1:${id}` });
    expect(world.writes).toHaveLength(2);
    expect(world.events).toEqual(["Normal NewArtifact stored artifact for commit 'two'"]);
    expect(world.lines()).toEqual(ready(`main@sha1:${id}`));
    await atRest();
  });

  it("says in the first of its writes what it is about", async () => {
    const id = world.commit("two", { "a.txt": "two" });
    // has, resolve, patch: the fourth call, the fetch, is cut off.
    await expect(world.pass("app", 3)).rejects.toThrow("cut off");
    const message = `building artifact: new upstream revision 'main@sha1:${id}'`;
    expect(world.lines()).toEqual([
      expect.stringMatching(/^ArtifactInStorage True/),
      `ArtifactOutdated True NewRevision 1 new upstream revision 'main@sha1:${id}'`,
      `Ready Unknown Progressing 1 ${message}`,
      `Reconciling True Progressing 1 ${message}`,
      "observed 1",
    ]);
    await world.pass();
    expect(world.lines()).toEqual(ready(`main@sha1:${id}`));
  });

  it("answers a request, and tells that nothing changed", async () => {
    world.annotate({ "reconcile.fluxcd.io/requestedAt": "now" });
    await world.pass();
    expect(world.status().lastHandledReconcileAt).toBe("now");
    const revision = (world.status().artifact as { revision: string }).revision;
    expect(world.events).toEqual([`Trace GitOperationSucceeded no changes since last reconciliation: observed revision '${revision}'`]);
    expect(world.metadata).toEqual([{}]);
    await atRest();
  });

  it("observes a new generation that makes no new artifact", async () => {
    const { artifact } = world.status();
    world.spec({ interval: "2h", timeout: "30s" });
    await world.pass();
    expect(world.status().artifact).toEqual(artifact);
    expect(world.lines().at(-1)).toBe("observed 2");
    expect(world.events).toEqual([expect.stringMatching(/^Trace GitOperationSucceeded/)]);
    await atRest();
  });

  it("fetches an artifact again that has disappeared, and writes no event", async () => {
    const { artifact } = world.status();
    world.stored.clear();
    await world.pass();
    expect((world.status().artifact as { digest: string }).digest).toBe((artifact as { digest: string }).digest);
    expect(world.stored.size).toBe(1);
    expect(world.events).toEqual([]);
    await atRest();
  });

  it("says that the artifact has disappeared when it cannot be fetched again", async () => {
    world.stored.clear();
    world.remote().failure = { kind: "failed", why: "authentication", message: "authentication required: no" };
    await world.pass();
    const message = `${FAILED}unable to clone '${URL_OF}': authentication required: no`;
    expect(world.lines()).toEqual(failing("FetchFailed", "GitOperationFailed", message, "building artifact: disappeared from storage", 1, 1));
    expect(world.status().artifact).toBeUndefined();
  });

  it("keeps its artifact while the branch is gone, and tells of the recovery", async () => {
    const id = world.remote().refs.get("refs/heads/main") ?? "";
    world.remote().refs.delete("refs/heads/main");
    world.remote().refs.set("refs/heads/other", id);
    expect((await world.pass()).kind).toBe("failed");
    const message = `${FAILED}unable to clone '${URL_OF}': couldn't find remote ref "refs/heads/main"`;
    expect(world.lines()).toEqual([
      expect.stringMatching(/^ArtifactInStorage True Succeeded 1/),
      ...failing("FetchFailed", "GitOperationFailed", message, "reconciliation in progress", 1, 1),
    ]);
    expect(world.events).toEqual([`Warning GitOperationFailed ${message}`]);
    await atRest();
    world.remote().refs.set("refs/heads/main", id);
    await world.pass();
    expect(world.events).toEqual([
      `Trace GitOperationSucceeded no changes since last reconciliation: observed revision 'main@sha1:${id}'`,
      `Normal Succeeded stored artifact for commit 'main@sha1:${id}'`,
    ]);
    expect(world.lines()).toEqual(ready(`main@sha1:${id}`));
  });

  it("lists the remote when there is an artifact: other words for a repository that is gone", async () => {
    world.spec({ url: "https://git.example.com/gone.git" });
    await world.pass();
    const message = `${FAILED}unable to list remote for 'https://git.example.com/gone.git': repository not found: `;
    expect(world.lines()).toEqual([
      expect.stringMatching(/^ArtifactInStorage True Succeeded 1/),
      ...failing("FetchFailed", "GitOperationFailed", message, "processing object: new generation 1 -> 2", 2, 1),
    ]);
    expect(world.events).toEqual([`Warning GitOperationFailed ${message.trimEnd()}`]);
    await atRest();
  });

  it("stands still while suspended, but observes the generation", async () => {
    world.commit("two", { "a.txt": "two" });
    world.spec({ suspend: true });
    world.annotate({ "reconcile.fluxcd.io/requestedAt": "now" });
    expect(await world.pass()).toEqual({ kind: "skipped", why: "suspended" });
    expect(world.lines()).toEqual([
      expect.stringMatching(/^ArtifactInStorage True Succeeded 1/),
      expect.stringMatching(/^Ready True Succeeded 2/),
      "observed 2",
    ]);
    expect(world.status().lastHandledReconcileAt).toBe("now");
    expect(world.asked).toEqual([]);
    await atRest();
  });

  it("lets go of a deleted object, and says so since it had an artifact", async () => {
    world.edit((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" } }));
    await world.pass();
    expect(world.object()).toBeUndefined();
    expect(world.events).toEqual(["Normal GarbageCollectionSucceeded garbage collected artifacts for deleted resource"]);
  });

  it("repeats its write when the object was annotated, or got a condition of somebody else, meanwhile", async () => {
    const foreign = { type: "Example", status: "True", reason: "Theirs", message: "theirs", lastTransitionTime: "2029-01-01T00:00:00Z" };
    const id = world.commit("two", { "a.txt": "two" });
    world.meddle = () => {
      world.annotate({ note: "x" });
      world.edit((manifest) => ({
        ...manifest,
        status: { ...(manifest.status as object), conditions: [...(manifest.status as { conditions: object[] }).conditions, foreign] } as never,
      }));
    };
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: `main@sha1:${id}` });
    expect(world.status().conditions).toContainEqual(foreign);
    expect(world.object()?.metadata.annotations).toEqual({ note: "x" });
    await atRest();
  });

  it.each([
    { what: "another generation", meddle: () => world.spec({ url: "https://git.example.com/other.git" }) },
    {
      what: "another run's status",
      meddle: () => world.edit((manifest) => ({ ...manifest, status: { ...(manifest.status as object), observedIgnore: "x" } as never })),
    },
    {
      what: "a deletion",
      meddle: () => world.edit((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" } })),
    },
  ])("writes nothing over $what, and looks again at once", async ({ meddle }) => {
    world.commit("two", { "a.txt": "two" });
    world.meddle = meddle;
    expect(await world.pass()).toEqual({ kind: "skipped", why: "the object has moved on", again: true });
    expect(world.writes).toEqual([]);
  });

  it("is content when the object is gone in the middle", async () => {
    world.commit("two", { "a.txt": "two" });
    world.meddle = () => void world.objects.delete("GitRepository/apps/app");
    expect(await world.pass()).toEqual({ kind: "skipped", why: "gone" });
  });

  it("keeps conditions of others", async () => {
    const foreign = { type: "Example", status: "True", reason: "Theirs", message: "theirs", lastTransitionTime: "2029-01-01T00:00:00Z" };
    world.edit((manifest) => {
      const status = manifest.status as { readonly conditions: readonly object[] };
      return { ...manifest, status: { ...status, conditions: [...status.conditions, foreign] } as never };
    });
    world.commit("two", { "a.txt": "two" });
    await world.pass();
    expect(world.status().conditions).toContainEqual(foreign);
    await atRest();
  });
});

describe("an object created suspended", () => {
  it("gets its finalizer and nothing else", async () => {
    world.spec({ suspend: true });
    await world.pass();
    expect(world.lines()).toEqual(["observed -1"]);
    expect(world.object()?.metadata.finalizers).toEqual(["finalizers.fluxcd.io"]);
    world.annotate({ "reconcile.fluxcd.io/requestedAt": "now" });
    await world.pass();
    expect(world.status()).toEqual({ observedGeneration: -1, lastHandledReconcileAt: "now" });
  });
});

describe("a suspended object that was failing", () => {
  it("keeps what it says, at the new generation", async () => {
    world.spec({});
    await world.pass();
    world.spec({ suspend: true });
    await world.pass();
    const message = `${FAILED}unable to clone '${URL_OF}': repository not found: `;
    expect(world.lines()).toEqual([
      `FetchFailed True GitOperationFailed 1 ${message}`,
      `Ready False GitOperationFailed 2 ${message}`,
      "Reconciling True ProgressingWithRetry 2 building artifact",
      "observed 2",
    ]);
  });
});

/** What each bad input gets: condition, message, event and outcome, and a second pass that writes nothing. */
describe("bad input", () => {
  const git = (spec: object, message: string, prepare: () => void = () => undefined) => ({
    spec,
    prepare,
    reason: "GitOperationFailed",
    message: FAILED + message,
  });
  const auth = (spec: object, message: string, prepare: () => void = () => undefined) => ({ spec, prepare, reason: "AuthenticationFailed", message });
  const some = (): void => void world.commit("one", { "app/a.yaml": "a" });
  it.each([
    git({}, `unable to clone '${URL_OF}': repository not found: `),
    git({ ref: { branch: "gone" } }, `unable to clone '${URL_OF}': couldn't find remote ref "refs/heads/gone"`, some),
    git({ ref: { branch: "a..b" } }, `unable to clone '${URL_OF}': couldn't find remote ref "refs/heads/a..b"`, some),
    git({ ref: { tag: "gone" } }, `unable to clone '${URL_OF}': couldn't find remote ref "refs/tags/gone"`, some),
    git({ ref: { name: "refs/heads/gone" } }, "unable to resolve ref 'refs/heads/gone' to a specific commit", some),
    git({ ref: { semver: ">=2.0.0" } }, "no match found for semver: >=2.0.0", () => world.commit("one", {}, "refs/tags/v1.0.0")),
    git({ ref: { semver: "newest, please" } }, 'semver parse error: improper constraint: "newest, please"', some),
    git({ ref: { commit: "0123456" } }, "unable to resolve commit object for '0123456': object not found", some),
    git({ ref: { commit: "0".repeat(40), branch: "main" } }, `unable to resolve commit object for '${"0".repeat(40)}': object not found`, some),
    git({ ref: { commit: "0".repeat(40), branch: "gone" } }, `unable to clone '${URL_OF}': couldn't find remote ref "refs/heads/gone"`, some),
    git({ ref: { tag: "v1" } }, `unable to clone: remote repository is empty: git repository: '${URL_OF}'`, () => world.remote()),
    git({ ref: { semver: "*" } }, `unable to clone: remote repository is empty: git repository: '${URL_OF}'`, () => world.remote()),
    git({ ref: { name: "refs/heads/main" } }, `unable to list remote for '${URL_OF}': remote repository is empty`, () => world.remote()),
    { spec: {}, prepare: () => void world.remote(), reason: "EmptyGitRepository", message: "git repository is empty" },
    git({}, `unable to clone '${URL_OF}': Get "${URL_OF}/info/refs?service=git-upload-pack": context deadline exceeded`, () => {
      world.remote().failure = { kind: "failed", why: "timeout", message: `Get "${URL_OF}/info/refs?service=git-upload-pack": context deadline exceeded` };
    }),
    git({ url: "https://ada:secret@git.example.com/gone.git" }, "unable to clone 'https://ada:***@git.example.com/gone.git': repository not found: "),
    auth({ secretRef: { name: "gone" } }, `failed to get secret 'apps/gone': failed to get secret 'apps/gone': secrets "gone" not found`),
    auth(
      { secretRef: { name: "half" } },
      "failed to configure authentication options: invalid 'https' auth option: 'password' requires 'username' to be set",
      () => put("half", { password: "x" }),
    ),
    auth({ secretRef: { name: "pair" } }, "failed to configure authentication options: 'tls.crt' requires 'tls.key' to be set", () =>
      put("pair", { "tls.crt": "x" }),
    ),
    auth({ secretRef: { name: "ca" } }, "failed to configure authentication options: 'ca.crt' holds no PEM certificate", () => put("ca", { "ca.crt": "x" })),
    auth({ proxySecretRef: { name: "gone" } }, "failed to configure proxy options: secret 'apps/gone' not found"),
    auth({ proxySecretRef: { name: "none" } }, "failed to configure proxy options: secret 'apps/none': key 'address' not found", () =>
      put("none", { username: "ada" }),
    ),
    auth({ url: "ssh://git@git.example.com/app.git" }, "failed to configure authentication options: invalid 'ssh' auth option: 'identity' is required"),
    auth(
      { provider: "github", secretRef: { name: "app" } },
      "failed to configure authentication options: app installation owner or ID must be provided to use github app authentication",
      () => put("app", { githubAppID: "1" }),
    ),
    auth({ provider: "github", secretRef: { name: "app" } }, "failed to configure authentication options: could not parse private key", () => {
      put("app", { githubAppID: "1", githubAppInstallationID: "2", githubAppPrivateKey: "none" });
      world.remote().failure = { kind: "failed", why: "credentials", message: "could not parse private key" };
    }),
    {
      spec: { provider: "github", secretRef: { name: "basic" } },
      prepare: () => put("basic", { username: "ada" }),
      reason: "InvalidProviderConfiguration",
      message: "secretRef with github app data must be specified when provider is set to github",
    },
    {
      spec: { secretRef: { name: "app" } },
      prepare: () => put("app", { githubAppID: "1", githubAppInstallationID: "2", githubAppPrivateKey: "none" }),
      reason: "InvalidProviderConfiguration",
      message: "secretRef 'apps/app' has github app data but provider is not set to github",
    },
    {
      spec: { sparseCheckout: ["gone"] },
      prepare: some,
      reason: "GitOperationFailed",
      message:
        "failed to sparse checkout directories : sparse checkout dir 'gone' does not exist in repository: lstat /tmp/gitrepository-checkout-000000/gone: no such file or directory",
    },
  ])("$reason $message", async ({ spec, prepare, reason, message }) => {
    prepare();
    world.spec(spec as never);
    expect(await world.pass()).toEqual({ kind: "failed", cause: { reason, message } });
    expect(world.lines()).toEqual(failing("FetchFailed", reason, message, "building artifact"));
    expect(world.events).toEqual([`Warning ${reason} ${message.trimEnd()}`]);
    await atRest();
    expect(JSON.stringify([...world.objects.values()].filter(({ kind }) => kind === "GitRepository").map(({ status }) => status))).not.toContain("ada:secret");
  });

  it.each([
    {
      spec: { url: "http://[::1" },
      reason: "URLInvalid",
      message: `failed to parse url 'http://[::1': parse "http://[::1": missing ']' in host`,
      condition: "FetchFailed",
    },
    {
      spec: { provider: "github" },
      reason: "InvalidProviderConfiguration",
      message: "secretRef with github app data must be specified when provider is set to github",
      condition: "FetchFailed",
    },
    {
      spec: { provider: "aws", serviceAccountName: "robot" },
      reason: "FeatureGateDisabled",
      message: "to use spec.serviceAccountName for provider authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller",
      condition: "FetchFailed",
    },
    { spec: { provider: "azure" }, reason: "UnsupportedField", message: "not implemented yet: spec.provider (azure)" },
    { spec: { verify: { mode: "HEAD", secretRef: { name: "keys" } } }, reason: "UnsupportedField", message: "not implemented yet: spec.verify" },
    { spec: { recurseSubmodules: true }, reason: "UnsupportedField", message: "not implemented yet: spec.recurseSubmodules" },
  ])("stalls: $reason $message", async ({ spec, reason, message, condition }) => {
    world.spec(spec as never);
    expect(await world.pass()).toEqual({ kind: "stalled", cause: { reason, message } });
    expect(world.lines()).toEqual(stalledBy(reason, message, condition));
    expect(world.events).toEqual([`Warning ${reason} ${message}`]);
    await atRest();
  });

  it("gets well when a stalled URL is mended, in one pass", async () => {
    world.spec({ url: "http://[::1" });
    await world.pass();
    const id = world.commit("one", {});
    world.spec({});
    await world.pass();
    expect(world.lines()).toEqual(ready(`main@sha1:${id}`, 2));
  });

  it("stalls on ssh with a key: not done yet", async () => {
    put("key", { identity: "k", known_hosts: "h" });
    world.spec({ url: "ssh://git@git.example.com/app.git", secretRef: { name: "key" } });
    await world.pass();
    expect(world.lines()).toEqual(stalledBy("UnsupportedField", "not implemented yet: spec.url (ssh)"));
  });
});

describe("credentials", () => {
  it.each([
    { data: { username: "ada", password: "secret" }, url: URL_OF, want: "basic ada secret" },
    { data: { bearerToken: "t", username: "ada", password: "secret" }, url: URL_OF, want: "bearer t" },
    { data: { bearerToken: "", username: "ada", password: "secret" }, url: URL_OF, want: "bearer " },
    { data: { user: "ada" }, url: URL_OF, want: "none" },
    { data: { user: "ada" }, url: "https://bob:p%40ss@git.example.com/app.git", want: "basic bob p@ss" },
    { data: { username: "ada", password: "secret" }, url: "https://bob:x@git.example.com/app.git", want: "basic ada secret" },
  ])("$data at $url: $want", async ({ data, url, want }) => {
    put("login", data as never);
    world.spec({ url, secretRef: { name: "login" } });
    await world.pass();
    const { credentials, url: opened } = world.targets[0] ?? {};
    const shown =
      credentials?.kind === "basic"
        ? `basic ${credentials.username} ${credentials.password.reveal()}`
        : credentials?.kind === "bearer"
          ? `bearer ${credentials.token.reveal()}`
          : "none";
    expect(shown).toBe(want);
    expect(opened).toBe(URL_OF);
  });

  it("takes certificates under their old names, and a proxy", async () => {
    put("tls", { caFile: "-----BEGIN CERTIFICATE-----", certFile: "c", keyFile: "k" });
    put("proxy", { address: "http://proxy.example.com:3128", username: "p", password: "q" });
    world.spec({ secretRef: { name: "tls" }, proxySecretRef: { name: "proxy" } });
    await world.pass();
    expect(world.targets[0]).toMatchObject({
      tls: { ca: "-----BEGIN CERTIFICATE-----", certificate: "c", key: expect.anything() },
      proxy: { address: "http://proxy.example.com:3128", username: "p" },
      timeout: 60_000,
    });
  });
});

describe("references", () => {
  it.each([
    { what: "tag", ref: { tag: "v1.0.0" }, revision: (id: string) => `v1.0.0@sha1:${id}` },
    { what: "tag with a slash", ref: { tag: "app/v2" }, revision: (id: string) => `app/v2@sha1:${id}` },
    { what: "name", ref: { name: "refs/pull/4/head" }, revision: (id: string) => `refs/pull/4/head@sha1:${id}` },
    { what: "semver", ref: { semver: "1.x" }, revision: (id: string) => `v1.0.0@sha1:${id}` },
    { what: "branch with slashes", ref: { branch: "feature/x/y" }, revision: (id: string) => `feature/x/y@sha1:${id}` },
    { what: "nothing", ref: {}, revision: (id: string) => `master@sha1:${id}` },
  ])("$what", async ({ ref, revision }) => {
    const at = ["refs/tags/v1.0.0", "refs/tags/app/v2", "refs/pull/4/head", "refs/heads/feature/x/y", "refs/heads/master"];
    const id = world.commit("one", {});
    for (const name of at) world.remote().refs.set(name, id);
    world.spec({ ref });
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: revision(id) });
    await atRest();
  });

  it.each([
    { ref: { branch: "main" }, revision: (id: string) => `main@sha1:${id}` },
    { ref: {}, revision: (id: string) => `sha1:${id}` },
    { ref: { name: "refs/heads/gone" }, revision: (id: string) => `refs/heads/gone@sha1:${id}` },
  ])("a commit with $ref", async ({ ref, revision }) => {
    const id = world.commit("one", {});
    world.spec({ ref: { ...ref, commit: id } });
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: revision(id) });
    await atRest();
    expect(world.asked).toEqual([]);
    world.annotate({ "reconcile.fluxcd.io/requestedAt": "now" });
    await world.pass();
    expect(world.events).toEqual([`Trace ArtifactUpToDate artifact up-to-date with remote revision: '${revision(id)}'`]);
  });

  it("takes the newest commit of equal versions", async () => {
    const old = world.commit("old", { "a.txt": "old" }, "refs/tags/1.0.0+a");
    const young = world.commit("young", { "a.txt": "young" }, "refs/tags/v1.0.0");
    world.commit("older", { "a.txt": "older" }, "refs/tags/1.0.0+b");
    const times: [string, number][] = [
      [old, 1],
      [young, 2],
    ];
    for (const [id, time] of times) world.remote().commits.set(id, { ...(world.remote().commits.get(id) ?? { message: "", files: {} }), time });
    world.spec({ ref: { semver: "*" } });
    expect(await world.pass()).toEqual({ kind: "succeeded", revision: `v1.0.0@sha1:${young}` });
  });
});

describe("content", () => {
  it("makes a new artifact of the same commit when ignore or sparse list change, and observes them", async () => {
    world.commit("one", { "app/a.yaml": "a", "other/b.yaml": "b", "root.yaml": "c" });
    world.spec({ sparseCheckout: ["app", "./other"], ignore: "b.yaml\n" });
    await world.pass();
    expect(paths()).toEqual(["app/a.yaml"]);
    expect(world.status()).toMatchObject({ observedSparseCheckout: ["app", "./other"], observedIgnore: "b.yaml\n" });
    await atRest();
    world.spec({ sparseCheckout: ["other"] });
    await world.pass();
    expect(paths()).toEqual(["other/b.yaml"]);
    expect(world.status().observedSparseCheckout).toEqual(["other"]);
    expect(world.status().observedIgnore).toBeUndefined();
    expect(world.events).toEqual(["Normal NewArtifact stored artifact for commit 'one'"]);
    world.spec({ sparseCheckout: ["gone"] });
    await world.pass();
    expect(world.lines()).toContain("Reconciling True ProgressingWithRetry 3 processing object: new generation 2 -> 3");
    expect(world.status().observedSparseCheckout).toEqual(["other"]);
    await atRest();
  });

  it("waits for an include, copies it, and follows it", async () => {
    world.commit("one", { "app/readme.txt": "one" });
    const baseUrl = "https://git.example.com/base.git";
    const base = world.commit("base", { "b.txt": "base", "deep/er/c.txt": "c" }, "refs/heads/main", baseUrl);
    const include = [{ repository: { name: "base" } }, { repository: { name: "base" }, fromPath: "deep/er", toPath: "app/from-deep" }];
    world.spec({ include } as never);
    const missing = `could not get resource for include 'base': GitRepository.source.toolkit.fluxcd.io "base" not found`;
    expect(await world.pass()).toEqual({ kind: "waiting", cause: { reason: "NotFound", message: missing }, retryIn: 2000 });
    expect(world.lines()).toEqual(failing("IncludeUnavailable", "NotFound", missing, "building artifact"));
    expect(world.events).toEqual([`Normal NotFound ${missing}`]);
    await atRest();
    world.spec({ url: baseUrl }, "base");
    await world.pass();
    expect(world.events).toEqual(["Normal NoArtifact no artifact available for include 'base'"]);
    await world.pass("base");
    await world.pass();
    expect(paths()).toEqual(["app/from-deep/c.txt", "app/readme.txt", "base/b.txt", "base/deep/er/c.txt"]);
    expect(world.status()).toMatchObject({
      observedInclude: include,
      includedArtifacts: [{ revision: `main@sha1:${base}` }, { revision: `main@sha1:${base}` }],
    });
    await atRest();
    const digest = (world.status().artifact as { digest: string }).digest;
    world.commit("base two", { "b.txt": "two", "deep/er/c.txt": "c" }, "refs/heads/main", baseUrl);
    await world.pass("base");
    await world.pass();
    expect((world.status().artifact as { digest: string }).digest).not.toBe(digest);
    expect(world.events).toEqual(["Normal NewArtifact stored artifact for commit 'one'"]);
    await atRest();
  });

  it.each([
    {
      include: { repository: { name: "base" }, toPath: "common" },
      message:
        "failed to copy 'base' include from  to common: link error: cannot rename /tmp/flux-include-000000/unpack to /tmp/gitrepository-checkout-000000/common: rename /tmp/flux-include-000000/unpack /tmp/gitrepository-checkout-000000/common: file exists",
    },
    {
      include: { repository: { name: "base" }, fromPath: "deep", toPath: "common" },
      message:
        "failed to copy 'base' include from deep to common: link error: cannot rename /tmp/flux-include-000000/unpack/deep to /tmp/gitrepository-checkout-000000/common: rename /tmp/flux-include-000000/unpack/deep /tmp/gitrepository-checkout-000000/common: file exists",
    },
    {
      include: { repository: { name: "base" }, fromPath: "gone" },
      message:
        "failed to copy 'base' include from gone to base: cannot stat /tmp/flux-include-000000/unpack/gone: stat /tmp/flux-include-000000/unpack/gone: no such file or directory",
    },
  ])("$message", async ({ include, message }) => {
    const id = world.commit("one", { "common/a.txt": "one" });
    world.commit("base", { "b.txt": "b", "deep/c.txt": "c" }, "refs/heads/main", "https://git.example.com/base.git");
    world.spec({ url: "https://git.example.com/base.git" }, "base");
    await world.pass("base");
    world.spec({ include: [include] } as never);
    expect((await world.pass()).kind).toBe("failed");
    const progress = `building artifact: new upstream revision 'main@sha1:${id}'`;
    expect(world.lines()).toEqual([
      `Ready False CopyFailure 1 ${message}`,
      `Reconciling True ProgressingWithRetry 1 ${progress}`,
      `StorageOperationFailed True CopyFailure 1 ${message}`,
      "observed -1",
    ]);
    await atRest();
  });
});

describe("interruption", () => {
  const scenarios: { readonly name: string; readonly prepare: () => Promise<void> }[] = [
    { name: "a first pass", prepare: async () => world.spec({}) },
    {
      name: "a new revision",
      prepare: async () => {
        world.spec({});
        await world.pass();
        world.commit("two", { "a.txt": "two" });
      },
    },
    {
      name: "a lost artifact",
      prepare: async () => {
        world.spec({});
        await world.pass();
        world.stored.clear();
      },
    },
  ];
  it.each(scenarios)("$name, cut off after any port call, ends the same", async ({ prepare }) => {
    const setUp = async (): Promise<void> => {
      world = createWorld();
      world.commit("one", { "a.txt": "one" });
      await prepare();
    };
    const end = (): string => JSON.stringify([world.lines(), world.status().artifact, world.object()?.metadata.finalizers]);
    await setUp();
    await world.pass();
    const want = end();
    for (let calls = 0; ; calls++) {
      await setUp();
      const finished = await world.pass("app", calls).then(
        () => true,
        () => false,
      );
      await world.pass();
      expect(end()).toBe(want);
      if (finished) break;
      expect(calls).toBeLessThan(30);
    }
  });
});
