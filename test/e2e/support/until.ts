const PAUSE_MS = 25;
const PATIENCE_MS = 20_000;

/** Asks until the answer is yes, and prints how long that took. Throws with what was waited for, and the last problem, after 20 s. */
export async function until(what: string, answer: () => boolean | Promise<boolean>): Promise<void> {
  const started = Date.now();
  while (!(await answer())) {
    if (Date.now() - started > PATIENCE_MS) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  process.stdout.write(`  ${what}: ${Date.now() - started} ms\n`);
}
