import { createVirtualClock } from "../../support/aws/clock.ts";
import { createAws } from "../../support/aws/create-aws.ts";
import type { World } from "./check.ts";

/** Our fake with a clock that stands still until a check lets time pass. */
export async function openOurWorld(): Promise<{ readonly world: World; readonly now: number; stop(): Promise<void> }> {
  const clock = createVirtualClock(Date.now());
  const aws = await createAws({ clock });
  let names = 0;
  const world: World = {
    client: aws.client,
    name: (word) => {
      names += 1;
      return `${word}-${names}`;
    },
    pass: (seconds) => clock.advance(seconds * 1000),
  };
  return { world, now: clock.now(), stop: aws.stop };
}
