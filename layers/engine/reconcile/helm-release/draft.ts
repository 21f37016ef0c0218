import { type Condition, type ConditionNow, setCondition, withoutCondition } from "../../domain/condition.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type HelmRelease, type HelmReleaseStatus, parseHelmRelease } from "../../flux/helm-release-object.ts";
import { refOfObject, writeStatus } from "../object-status.ts";
import { CONTROLLER, type HelmReleaseDeps } from "./deps.ts";
import { type Saying, say } from "./say.ts";

/** The condition types that are ours; others belong to somebody else. */
const OWNED_CONDITIONS = ["Ready", "Reconciling", "Stalled", "Released", "TestSuccess", "Remediated", "Drifted"] as const;

export type ConditionType = (typeof OWNED_CONDITIONS)[number];

/** What a pass will write about its object: it grows along the ladder, and goes out before an action begins and at the end. */
export type Draft = {
  /** The object as the server has it, with the status as it will be. */
  object(): HelmRelease;
  change(status: HelmReleaseStatus): void;
  mark(type: ConditionType, condition: Omit<ConditionNow, "type" | "observedGeneration">): void;
  unmark(...types: readonly ConditionType[]): void;
  /** Told with the next write. `always`: also when that finds that nothing differs, as what has happened is told whatever the status says. */
  say(saying: Saying): void;
  /** `moved`: somebody changed what this pass is about; `gone`: there is nothing to write to. Throws when the server refuses. */
  write(): Promise<"written" | "unchanged" | "moved" | "gone">;
  /** The same, also over a spec that has changed meanwhile: what an action has done must be known to whoever looks next. */
  writeOver(): Promise<"written" | "unchanged" | "moved" | "gone">;
  /** Tells what has happened, of an object that needs no status any more. */
  tell(): Promise<void>;
};

export function createDraft(deps: HelmReleaseDeps, from: HelmRelease): Draft {
  let stored = from;
  let status = from.status;
  let sayings: readonly Saying[] = [];
  const now = (): EpochMs => deps.clock.now();
  const conditions = (): readonly Condition[] => status.conditions ?? [];

  async function put(over: HelmRelease): Promise<"written" | "unchanged" | "moved" | "gone"> {
    const answer = await writeStatus(deps.cluster, over, status, { manager: CONTROLLER, owned: OWNED_CONDITIONS });
    if (answer.kind === "refused") throw new Error(`the status was refused: ${answer.message}`);
    if (answer.kind !== "written") return answer.kind;
    const parsed = parseHelmRelease(answer.object);
    if (parsed.ok) stored = parsed.value;
    return "written";
  }

  async function tell(written: "written" | "unchanged" | "moved" | "gone"): Promise<void> {
    const told = sayings.filter(({ always }) => written === "written" || always === true);
    sayings = [];
    for (const saying of told) await say(deps, stored, saying);
  }

  async function fresh(): Promise<HelmRelease | undefined> {
    const answer = await deps.cluster.get(refOfObject(stored));
    const parsed = answer.kind === "found" ? parseHelmRelease(answer.object) : undefined;
    return parsed?.ok === true && parsed.value.metadata.uid === stored.metadata.uid ? parsed.value : undefined;
  }

  return {
    object: () => ({ ...stored, status }),
    change: (next) => {
      status = next;
    },
    mark: (type, condition) => {
      const set = { type, ...condition, observedGeneration: from.metadata.generation };
      status = { ...status, conditions: setCondition(without(conditions(), EXCLUDED[type] ?? []), set, now()) };
    },
    unmark: (...types) => {
      status = { ...status, conditions: without(conditions(), types) };
    },
    say: (saying) => {
      sayings = [...sayings, saying];
    },
    write: async () => {
      const written = await put(stored);
      await tell(written);
      return written;
    },
    writeOver: async () => {
      const first = await put(stored);
      const over = first === "moved" ? await fresh() : undefined;
      const written = over === undefined ? first : await put(over);
      await tell(written);
      return first === "moved" && written !== "gone" ? "moved" : written;
    },
    tell: () => tell("unchanged"),
  };
}

/** One of the two excludes the other. Source: reference 0.2. */
const EXCLUDED: { readonly [Type in ConditionType]?: readonly ConditionType[] } = { Reconciling: ["Stalled"], Stalled: ["Reconciling"] };

const without = (conditions: readonly Condition[], types: readonly string[]): readonly Condition[] =>
  types.reduce<readonly Condition[]>((all, type) => withoutCondition(all, type), conditions);
