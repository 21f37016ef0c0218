/** Thrown where a run is stopped: as a process that is killed there, it gets nothing more done. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

/** `n` counts from 1. `after`: the call took effect, and nobody heard the answer. */
export type Cut = { readonly n: number; readonly when: "before" | "after" };

export type Interference = {
  readonly cut?: Cut;
  /** Called before every call; a run waits where it waits. */
  readonly hold?: (n: number) => Promise<void>;
  /** What is answered in place of the real thing; an Error is thrown. Undefined: the real thing. */
  readonly instead?: (line: string) => object | undefined;
};

/** The calls that one run makes of its ports: counted, written down, and interfered with. */
export type Calls = {
  /** What was called, in order, without what was cut off before: `get Kustomization/apps`. */
  readonly lines: readonly string[];
  made(): number;
  /** The type of what `instead` answers is not looked at: it is the test's business. */
  run<Answer>(line: string, effect: () => Promise<Answer>): Promise<Answer>;
};

export function createCalls({ cut, hold, instead }: Interference = {}): Calls {
  const lines: string[] = [];
  let made = 0;
  let isDead = false;

  const die = (): never => {
    isDead = true;
    throw new CutOff(`cut off at call ${made}`);
  };

  return {
    lines,
    made: () => made,
    run: async (line, effect) => {
      if (isDead) throw new CutOff("it is dead already");
      const n = ++made;
      if (hold !== undefined) await hold(n);
      if (cut?.n === n && cut.when === "before") die();
      lines.push(line);
      const given = instead?.(line);
      if (given instanceof Error) throw given;
      const answer = given === undefined ? await effect() : (given as Awaited<ReturnType<typeof effect>>);
      if (cut?.n === n) die();
      return answer;
    },
  };
}
