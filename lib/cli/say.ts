import type { Say } from "./cli.ts";

/** Progress as the `flux` command tells it. Source: reference 6.1. */
export function createSay(write: (text: string) => void): Say {
  const line = (glyph: string) => (text: string) => write(`${glyph} ${text}\n`);
  return { action: line("►"), generate: line("✚"), waiting: line("◎"), success: line("✔"), warning: line("⚠️"), failure: line("✗") };
}
