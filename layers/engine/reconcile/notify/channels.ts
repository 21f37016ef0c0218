import type { ChannelName } from "../../domain/delivery.ts";
import { isObject } from "../../domain/json.ts";
import type { NotifiedEvent } from "../../domain/notified-event.ts";
import { type EpochMs, epochMs, parseTime } from "../../domain/time.ts";
import { controllerMetadata, plainMetadata } from "../../events/metadata.ts";
import { type News, newsOf } from "../../events/news.ts";
import type { Note } from "../../ports/notes.ts";
import type { Said } from "./claim.ts";
import type { NotificationsDeps } from "./deps.ts";
import { jsonIn } from "./note-json.ts";

type ChannelDeps = Pick<NotificationsDeps, "channels" | "clusterName" | "notes" | "deliveries">;

/** How an object did when it was last heard of, by the time of the event. */
type Known = { readonly failing: boolean; readonly at: EpochMs };

const TRIES = 4;

/**
 * Sends the event to the installation's own channels: each failure, and each recovery. That an object fails is remembered once it is on its way, and forgotten once the
 * recovery is, so that neither is lost; what is sent again is caught where it is delivered. How many went out.
 */
export async function sendToChannels(deps: ChannelDeps, event: NotifiedEvent, said: Pick<Said, "claim" | "isSaid">): Promise<number> {
  if (deps.channels.slack === undefined && deps.channels.amazonQ === undefined) return 0;
  const key = `failing/${deps.clusterName}/${event.involvedObject.uid}`;
  const news = newsOf(event);
  const note = news === "nothing" ? undefined : await deps.notes.read(key);
  const known = knownIn(note);
  const wanted = channelsFor(deps.channels, event, news === "failure" || (news === "well" && isRecovery(known, event)));
  if (wanted.length > 0 && !(await said.claim()) && !(said.isSaid && isTurn(news, known))) return 0;
  const shown = shownIn(deps.clusterName, event);
  for (const name of wanted) await deps.deliveries.send({ cluster: deps.clusterName, event: shown, target: { kind: "channel", name }, attempt: 0, done: 0 });
  if (news !== "nothing") await remember(deps, key, { failing: news === "failure", at: timeOf(event) }, note);
  return wanted.length;
}

/** One channel hears of all clusters: what an annotation of an object calls `cluster` is not what is meant there. */
function shownIn(cluster: string, event: NotifiedEvent): NotifiedEvent {
  const shown = plainMetadata(event);
  return { ...shown, metadata: { ...shown.metadata, cluster } };
}

function channelsFor({ slack, amazonQ }: ChannelDeps["channels"], event: NotifiedEvent, isNews: boolean): readonly ChannelName[] {
  const wantsAll = amazonQ?.wants === "all" && controllerMetadata(event, "commit_status") !== "update";
  return [...(slack !== undefined && isNews ? (["slack"] as const) : []), ...(amazonQ !== undefined && (isNews || wantsAll) ? (["amazon-q"] as const) : [])];
}

/**
 * The object fails now and did not, or is well again: whoever reads the channel knows it as it was before. That the same was said within five minutes is no reason to
 * let him: failure, recovery, failure and recovery within them are four messages.
 */
const isTurn = (news: News, known: Known | undefined): boolean => (news === "failure" ? known?.failing !== true : known?.failing === true);

/** Events overtake each other: what is older than the failure is none of its recoveries. */
const isRecovery = (known: Known | undefined, event: NotifiedEvent): boolean => known?.failing === true && timeOf(event) >= known.at;

/** Of an object that never failed there is no note. */
async function remember({ notes }: ChannelDeps, key: string, news: Known, seen: Note | undefined): Promise<void> {
  let note = seen;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const known = knownIn(note);
    if (known === undefined ? !news.failing : known.at > news.at || (known.at === news.at && known.failing === news.failing)) return;
    if (await notes.write(key, JSON.stringify(news), note)) return;
    note = await notes.read(key);
  }
  throw new Error("the note of a failure is written by too many at once");
}

const timeOf = (event: NotifiedEvent): EpochMs => parseTime(event.timestamp) ?? epochMs(0);

function knownIn(note: Note | undefined): Known | undefined {
  const found = jsonIn(note);
  return isObject(found) && typeof found.failing === "boolean" && typeof found.at === "number" ? { failing: found.failing, at: epochMs(found.at) } : undefined;
}
