import { expect } from "vitest";
import { type Scenario, type SweepOptions, type Swept, startBench } from "./bench.ts";
import { configMap, definition, thing } from "./manifests.ts";
import { createFakeRemote } from "./remote.ts";

export const KUSTOMIZATION = "kustomize.toolkit.fluxcd.io/v1";
export const SOURCE = "source.toolkit.fluxcd.io/v1";
export const GROUP = "NS.example.com";

export type Sweeping = Awaited<ReturnType<typeof startSweeping>>;
type Files = Parameters<Scenario["push"]>[0];

/** A cluster of its own with one scenario in it, whose remote stands where it was pushed to, and sweeps that are held to what must be so after any. */
export async function startSweeping() {
  const bench = await startBench();
  const scenario = await bench.scenario();
  const remote = createFakeRemote();

  const at = {
    scenario,
    remote,
    stop: () => bench.stop(),
    app: () => scenario.ref(SOURCE, "GitRepository", "app"),
    apps: (name = "apps") => scenario.ref(KUSTOMIZATION, "Kustomization", name),

    push: async (files: Files): Promise<string> => {
      const revision = await scenario.push(files);
      remote.stand(revision);
      return revision;
    },
    settleSource: async (): Promise<void> => {
      await scenario.pass({ kind: "GitRepository", name: "app", git: remote });
    },
    /** As `push`, and the source has seen to it. */
    move: async (files: Files): Promise<void> => {
      await at.push(files);
      await at.settleSource();
    },
    /** Source and Kustomizations as runs leave them that have nothing more to do. */
    settle: async (...names: string[]): Promise<void> => {
      await at.settleSource();
      for (const name of names.length === 0 ? ["apps"] : names) await scenario.settle({ name });
    },
    start: async (files: Files = configMap("a") + configMap("b"), spec = {}): Promise<void> => {
      await at.push(files);
      await scenario.spec(spec);
      await at.settle();
    },

    /** What the one object of `startWaiting` says of its health. */
    say: (status: string): Promise<void> =>
      scenario.status(scenario.ref(`${scenario.namespace}.example.com/v1`, "Thing", "one"), { conditions: [{ type: "Ready", status }] }),
    /** A Kustomization that waits for an object which is not ready. */
    startWaiting: async (): Promise<void> => {
      await scenario.put(definition(GROUP));
      await scenario.put(thing(GROUP, "one"));
      await at.say("False");
      await at.push(thing(GROUP, "one"));
      await scenario.spec({ wait: true, timeout: "1m", retryInterval: "1m" });
      await at.settleSource();
      expect((await scenario.pass()).outcome).toBe("progressing");
    },

    /**
     * A sweep, and what must be so after any: it has written, asked and said nothing, what it has not sent has nothing to do, and what it has sent has.
     * A second sweep of the window sends the same. By default everything is due.
     */
    sweep: async (options: SweepOptions = {}): Promise<Swept> => {
      const swept = await scenario.sweep({ git: remote, ...options });
      const again = await scenario.sweep({ git: remote, ...options });
      expect(again.sent, "the same window again").toEqual(swept.sent);
      expect(swept.calls.filter((line) => /(^|: )(apply|patch|delete|dry-run|emit|store|read artifact|remember)/.test(line))).toEqual([]);
      await compareWithPasses(swept, options);
      return swept;
    },
  };

  async function compareWithPasses(swept: Swept, { settings, instead }: SweepOptions): Promise<void> {
    const sent = new Set(swept.sent.map(({ key }) => `${key.kind}/${key.name}`));
    const isSent = ({ kind, name }: { kind: string; name: string }): boolean => sent.has(`${kind}/${name}`);
    // What is sent comes last, and only the first of it has the cluster as the sweep saw it: a pass that does something may bring work to others.
    const all = await objects();
    const [first, ...others] = all.filter(isSent);
    for (const { kind, name } of [...all.filter((object) => !isSent(object)), ...(first === undefined ? [] : [first]), ...others]) {
      const pass = await scenario.pass({ kind, name, git: remote, ...(settings && { settings }), ...(instead && { instead }), isOverlapped: true });
      const { writes, asked, events } = pass;
      if (!isSent({ kind, name })) expect({ name, writes, asked, events }).toEqual({ name, writes: [], asked: [], events: [] });
      else if (name === first?.name)
        expect({ name, did: [...writes, ...events, ...asked].length > 0 || pass.calls.includes("read artifact") }).toEqual({ name, did: true });
    }
  }

  async function objects(): Promise<readonly { readonly kind: "GitRepository" | "Kustomization"; readonly name: string }[]> {
    const sources = (await scenario.names(SOURCE, "GitRepository")).map((name) => ({ kind: "GitRepository" as const, name }));
    return [...sources, ...(await scenario.names(KUSTOMIZATION, "Kustomization")).map((name) => ({ kind: "Kustomization" as const, name }))];
  }

  return at;
}
