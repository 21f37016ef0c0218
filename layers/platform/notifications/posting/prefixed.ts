import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";

/** An answer whose message, should there be one, says first what was being done. */
export function prefixed(prefix: string, answer: NotifierAnswer): NotifierAnswer {
  switch (answer.kind) {
    case "refused":
      return { ...answer, message: prefix + answer.message };
    case "unavailable":
      return { ...answer, prefix: prefix + answer.prefix };
    case "sent":
    case "dropped":
    case "misconfigured":
      return answer;
  }
}
