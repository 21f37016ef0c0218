import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createSourceWorld, type SourceWorld } from "../../../support/helm/source-world.ts";

const URL_OF = "https://charts.example.com/stable";
const INDEX = `apiVersion: v1
entries:
  shop:
  - {apiVersion: v2, name: shop, version: 1.0.0, urls: [shop-1.0.0.tgz]}
`;
const LATER = `${INDEX}  cart:
  - {apiVersion: v2, name: cart, version: 1.0.0, urls: [cart-1.0.0.tgz]}
`;
const revisionOf = (index: string): string => `sha256:${createHash("sha256").update(index).digest("hex")}`;

let world: SourceWorld;
beforeEach(() => {
  world = createSourceWorld();
  world.indexes.set(URL_OF, INDEX);
});
const pass = (calls?: number) => world.pass("HelmRepository", "charts", calls);
const lines = () => world.lines("HelmRepository", "charts");
const spec = (fields: { readonly [field: string]: string | boolean | { readonly name: string } } = {}) =>
  world.spec("HelmRepository", "charts", { interval: "1h", url: URL_OF, ...fields });
const ready = (index: string, generation = 1): readonly string[] => [
  `ArtifactInStorage True Succeeded ${generation} stored artifact: revision '${revisionOf(index)}'`,
  `Ready True Succeeded ${generation} stored artifact: revision '${revisionOf(index)}'`,
  `observed ${generation}`,
];
const failing = (reason: string, message: string, progress = "building artifact"): readonly string[] => [
  `FetchFailed True ${reason} 1 ${message}`,
  `Ready False ${reason} 1 ${message}`,
  `Reconciling True ProgressingWithRetry 1 ${progress}`,
  "observed -1",
];
const stalledBy = (reason: string, message: string): readonly string[] => [
  `FetchFailed True ${reason} 1 ${message}`,
  `Ready False ${reason} 1 ${message}`,
  `Stalled True ${reason} 1 ${message}`,
  "observed 1",
];
/** Every ended pass is followed by one more: it must change nothing. */
async function atRest(): Promise<void> {
  const before = JSON.stringify(world.object("HelmRepository", "charts"));
  await pass();
  expect(JSON.stringify(world.object("HelmRepository", "charts"))).toBe(before);
  expect(world.writes).toEqual([]);
}

describe("a repository with an index", () => {
  it("gets the finalizer, announces itself, stores the index as JSON and says so", async () => {
    spec();
    expect(await pass()).toEqual({ kind: "succeeded", revision: revisionOf(INDEX) });
    expect(world.writes).toEqual(["metadata by source-controller", "status by source-controller", "status by source-controller"]);
    expect(lines()).toEqual(ready(INDEX));
    const artifact = world.artifact("HelmRepository", "charts");
    expect(artifact).toMatchObject({ path: `helmrepository/apps/charts/index-${revisionOf(INDEX).slice(7)}.yaml`, revision: revisionOf(INDEX) });
    expect(world.status("HelmRepository", "charts").url).toBe(artifact.url);
    expect(JSON.parse(new TextDecoder().decode(world.bytes("HelmRepository", "charts"))).entries.shop[0]).toMatchObject({ name: "shop", version: "1.0.0" });
    expect(world.events).toEqual([`Normal NewArtifact stored fetched index of size ${artifact.size}B from '${URL_OF}'`]);
    expect(world.metadata[0]).toEqual({
      "source.toolkit.fluxcd.io/revision": revisionOf(INDEX),
      "source.toolkit.fluxcd.io/digest": artifact.digest,
    });
    await atRest();
    expect(world.asked).toEqual([`index ${URL_OF} if changed`]);
    expect(world.events).toEqual([]);
  });

  it("is fetched whole where the server does not say of what version it is, and finds the same", async () => {
    world.validators = false;
    spec();
    await pass();
    await atRest();
    expect(world.asked).toEqual([`index ${URL_OF}`]);
  });

  it("answers a request with a trace and no second artifact", async () => {
    spec();
    await pass();
    world.request("HelmRepository", "charts", "now");
    await pass();
    expect(world.events).toEqual([`Trace ArtifactUpToDate artifact up-to-date with remote revision: '${revisionOf(INDEX)}'`]);
    expect(world.status("HelmRepository", "charts").lastHandledReconcileAt).toBe("now");
    await atRest();
  });

  it("becomes another artifact when it changes", async () => {
    spec();
    await pass();
    world.indexes.set(URL_OF, LATER);
    expect(await pass()).toEqual({ kind: "succeeded", revision: revisionOf(LATER) });
    expect(lines()).toEqual(ready(LATER));
    expect(world.events[0]).toMatch(/^Normal NewArtifact stored fetched index of size \d+B from/);
    await atRest();
  });

  it("says while it is being replaced what is new", async () => {
    spec();
    await pass();
    world.indexes.set(URL_OF, LATER);
    // Finalizer is there: recall validators, ask, announce; storing fails.
    await expect(pass(4)).rejects.toThrow("cut off");
    const news = `new index revision '${revisionOf(LATER)}'`;
    expect(lines()).toEqual([
      `ArtifactInStorage True Succeeded 1 stored artifact: revision '${revisionOf(INDEX)}'`,
      `ArtifactOutdated True NewRevision 1 ${news}`,
      `Ready Unknown Progressing 1 building artifact: ${news}`,
      `Reconciling True Progressing 1 building artifact: ${news}`,
      "observed 1",
    ]);
    await pass();
    expect(lines()).toEqual(ready(LATER));
  });

  it("is fetched whole, and stored again, when it has disappeared", async () => {
    spec();
    await pass();
    world.stored.clear();
    expect((await pass()).kind).toBe("succeeded");
    expect(world.asked).toEqual([`index ${URL_OF}`]);
    expect(world.stored.size).toBe(1);
    expect(lines()).toEqual(ready(INDEX));
  });

  it("loses its artifact and its URL in status when it has disappeared and cannot be fetched", async () => {
    spec();
    await pass();
    world.stored.clear();
    world.indexes.delete(URL_OF);
    await pass();
    expect(lines()).toContain("Reconciling True ProgressingWithRetry 1 building artifact: disappeared from storage");
    expect(world.status("HelmRepository", "charts")).not.toHaveProperty("artifact");
    expect(world.status("HelmRepository", "charts")).not.toHaveProperty("url");
  });
});

describe("what goes wrong", () => {
  const missing = `failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch ${URL_OF}/index.yaml : 404 Not Found`;

  it("is retried when nobody answers, and told of when it is over", async () => {
    world.indexes.delete(URL_OF);
    spec();
    expect((await pass()).kind).toBe("failed");
    expect(lines()).toEqual(failing("Failed", missing));
    expect(world.events).toEqual([`Warning Failed ${missing}`]);
    await atRest();
    world.indexes.set(URL_OF, INDEX);
    await pass();
    expect(lines()).toEqual(ready(INDEX));
    world.indexes.delete(URL_OF);
    await pass();
    expect(lines()[3]).toBe("Reconciling True ProgressingWithRetry 1 reconciliation in progress");
    world.indexes.set(URL_OF, INDEX);
    await pass();
    expect(world.events.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(["Trace ArtifactUpToDate", "Normal Succeeded"]);
  });

  it.each<{ readonly name: string; readonly index: string; readonly message: string }>([
    { name: "no API version", index: "entries: {}", message: "no API version specified" },
    { name: "nothing", index: "", message: "empty index.yaml file" },
    {
      name: "a field that nobody knows",
      index: "apiVersion: v1\nentries: {}\nfoo: 1",
      message: 'error unmarshaling JSON: while decoding JSON: json: unknown field "foo"',
    },
  ])("an index with $name is refused", async ({ index, message }) => {
    world.indexes.set(URL_OF, index);
    spec();
    await pass();
    expect(lines()).toEqual(failing("IndexationFailed", `failed to load Helm repository from index YAML: failed to load index: ${message}`));
    await atRest();
  });

  it.each([
    ["oci://example.com/charts", "URLInvalid", "invalid Helm repository URL: 'oci' URL scheme cannot be used with 'default' HelmRepository type"],
    ["http://[::1:80/a%zz", "URLInvalid", 'invalid Helm repository URL: parse "http://[::1:80/a%zz": invalid URL escape "%zz"'],
  ])("%s stalls", async (url, reason, message) => {
    spec({ url });
    expect((await pass()).kind).toBe("stalled");
    expect(lines()).toEqual(stalledBy(reason, message));
    await atRest();
  });

  it("shows no password of a URL", async () => {
    spec({ url: "https://ada:pa55word@charts.example.com/%zz" });
    await pass();
    expect(JSON.stringify([world.object("HelmRepository", "charts")?.status, world.events])).not.toContain("pa55word");
  });
});

describe("Secrets", () => {
  it.each<{ readonly name: string; readonly data?: { readonly [key: string]: string }; readonly message: string }>([
    { name: "that are not there", message: "failed to get authentication secret 'apps/login': secrets \"login\" not found" },
    {
      name: "without a password",
      data: { username: "ada" },
      message: "failed to detect authentication methods: secret 'apps/login': malformed basic auth - has 'username' but missing 'password'",
    },
    {
      name: "without a user",
      data: { password: "pw" },
      message: "failed to detect authentication methods: secret 'apps/login': malformed basic auth - has 'password' but missing 'username'",
    },
  ])("$name are retried", async ({ data, message }) => {
    if (data !== undefined) world.secret("login", data);
    spec({ secretRef: { name: "login" } });
    expect((await pass()).kind).toBe("failed");
    expect(lines()).toEqual(failing("AuthenticationFailed", message));
  });

  it("with user and password are used, and certificates of one of their own before theirs", async () => {
    world.secret("login", { username: "ada", password: "pw", caFile: "-----BEGIN CERTIFICATE-----old" });
    world.secret("trust", { "ca.crt": "-----BEGIN CERTIFICATE-----new" });
    spec({ secretRef: { name: "login" }, certSecretRef: { name: "trust" }, passCredentials: true });
    await pass();
    expect(world.targets[0]).toMatchObject({
      credentials: { kind: "basic", username: "ada" },
      tls: { ca: "-----BEGIN CERTIFICATE-----new" },
      passCredentials: true,
    });
  });

  it("for certificates must have some", async () => {
    world.secret("trust", { other: "x" });
    spec({ certSecretRef: { name: "trust" } });
    await pass();
    expect(lines()[0]).toBe(
      "FetchFailed True AuthenticationFailed 1 failed to construct Helm client's TLS config: secret 'apps/trust' must contain either 'ca.crt' or both 'tls.crt' and 'tls.key'",
    );
  });
});

describe("suspended, deleted, static", () => {
  it("keeps its artifact while suspended, and moves its generation", async () => {
    spec();
    await pass();
    spec({ suspend: true });
    world.indexes.set(URL_OF, LATER);
    expect(await pass()).toEqual({ kind: "skipped", why: "suspended" });
    expect(world.asked).toEqual([]);
    expect(lines()).toEqual([
      `ArtifactInStorage True Succeeded 1 stored artifact: revision '${revisionOf(INDEX)}'`,
      `Ready True Succeeded 2 stored artifact: revision '${revisionOf(INDEX)}'`,
      "observed 2",
    ]);
    await atRest();
  });

  it("says what it leaves behind when it is deleted", async () => {
    spec();
    await pass();
    world.edit("HelmRepository", "charts", (manifest) => ({ ...manifest, metadata: { ...manifest.metadata, deletionTimestamp: "2030-01-01T00:00:00Z" } }));
    expect(await pass()).toEqual({ kind: "skipped", why: "deleted" });
    expect(world.events).toEqual(["Normal GarbageCollectionSucceeded garbage collected artifacts for deleted resource"]);
    expect(world.object("HelmRepository", "charts")).toBeUndefined();
  });

  it("of type oci is left alone", async () => {
    spec({ type: "oci", url: "oci://example.com/charts" });
    expect(await pass()).toEqual({ kind: "skipped", why: "static" });
    expect(world.writes).toEqual([]);
    expect(world.status("HelmRepository", "charts")).toEqual({ observedGeneration: -1 });
  });

  it("loses status and finalizer when it becomes one of type oci", async () => {
    spec();
    await pass();
    spec({ type: "oci", url: "oci://example.com/charts", suspend: true });
    await pass();
    expect(world.writes).toEqual([]);
    spec({ type: "oci", url: "oci://example.com/charts" });
    expect(await pass()).toEqual({ kind: "skipped", why: "static" });
    expect(world.status("HelmRepository", "charts")).toEqual({});
    expect(world.object("HelmRepository", "charts")?.metadata.finalizers).toEqual([]);
    await atRest();
  });
});

describe("cut off after any call of a port, and begun again", () => {
  it.each([
    { name: "the first pass", before: async () => undefined },
    {
      name: "the pass over a changed index",
      before: async () => {
        world.indexes.set(URL_OF, LATER);
        await pass();
        world.indexes.set(URL_OF, INDEX);
      },
    },
  ])("$name ends the same", async ({ before }) => {
    let cut = 0;
    for (let ended = false; !ended; cut++) {
      world = createSourceWorld();
      world.indexes.set(URL_OF, INDEX);
      spec();
      await before();
      ended = await pass(cut).then(
        () => true,
        () => false,
      );
      await pass();
      expect(lines()).toEqual(ready(INDEX));
      await atRest();
    }
    expect(cut).toBeGreaterThan(8);
  });
});
