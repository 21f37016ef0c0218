import { BlockList, isIP } from "node:net";
import type { Log } from "@sluice/engine/ports/log.ts";
import type { Notification, Notifier, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { Rehearse } from "./rehearsal.ts";
import type { Story } from "./story.ts";

/** `sendsAll`: also what goes elsewhere. */
type Telling = { readonly sendsAll: boolean; readonly rehearse: Rehearse; readonly story: Pick<Story, "message">; readonly log: Log };

/**
 * Sends what goes to this machine, and shows all else instead: whoever tries out a team's repository on a laptop must not tell the team's channels. What would not
 * leave a cluster either, since its Provider is not right, ends as it does there. The log has each event whole; a channel may be a key (PagerDuty), so it is nowhere.
 */
export function createShownNotifier(notifier: Notifier, { sendsAll, rehearse, story, log }: Telling): Notifier {
  const known = new Set<string>();
  return {
    send: async (notification, signal) => {
      const { provider, event, cluster } = notification;
      const target = `${provider.namespace}/${provider.name}`;
      const isSent = sendsAll || isThisMachine(provider.address);
      const end = isSent ? undefined : await rehearse(notification, signal);
      if (end !== undefined) return end;
      log.info(isSent ? "notification" : "notification not sent", { cluster, provider: target, type: provider.type, event });
      if (isSent) {
        const answer = await notifier.send(notification, signal);
        if (answer.kind === "sent") story.message(`${provider.name}: ${lineOf(notification)}`);
        return answer;
      }
      const why = known.has(target) ? "" : ` (${whyNot(provider)}: --send-notifications sends)`;
      known.add(target);
      story.message(`${provider.name} would get: ${lineOf(notification)}${why}`);
      return { kind: "dropped", why: "shown instead of sent" };
    },
  };
}

/** What it says stands in the story already. */
const lineOf = ({ event: { involvedObject: object, reason } }: Notification): string => `${object.kind}/${object.name} ${reason}`;

/** Of an address no more than where it leads: the rest of one is often a key. */
function whyNot({ type, address }: ProviderSettings): string {
  const host = URL.canParse(address) ? new URL(address).host : "";
  return host === "" ? `${type} is not on this machine` : `${type} at ${host} is not on this machine`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** By its written form: a name that merely resolves to this machine today is another one tomorrow. */
function isThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  if (family === 0) return host === "localhost" || host.endsWith(".localhost");
  return LOOPBACK.check(host, family === 6 ? "ipv6" : "ipv4");
}
