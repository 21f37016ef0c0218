import { isArray, isObject, type Json } from "../../domain/json.ts";
import { type EpochMs, epochMs, hours } from "../../domain/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Notes } from "../../ports/notes.ts";
import { digestInPath } from "../../receivers/webhook-path.ts";
import type { ReceiverPlace } from "./deps.ts";

/**
 * Which Receivers have which path, across all clusters of an installation, so that a webhook asks no cluster but its own. Its entries are hints: a Receiver that
 * is gone, or has another path by now, is found not to be there by asking its cluster.
 */
export type ReceiverIndex = {
  /** Notes that the Receiver at `place` has that path. What this process has noted already costs nothing. */
  keep(path: string, place: ReceiverPlace): Promise<void>;
  find(path: string): Promise<readonly ReceiverPlace[]>;
};

type Entry = ReceiverPlace & { readonly seen: EpochMs };

/** Notes are forgotten after some days: so often each is written again. */
const REFRESH = hours(24);
/** Who has not been seen for so long has gone, or has another path. */
const GONE = hours(24 * 7);
/** The same Receiver in more clusters than that: the last ones that were seen get the request. */
const MOST = 200;

/** One for each process: it remembers what it has noted. */
export function createReceiverIndex({ notes, clock }: { readonly notes: Notes; readonly clock: Clock }): ReceiverIndex {
  const noted = new Map<string, EpochMs>();

  return {
    keep: async (path, { cluster, namespace, name }) => {
      const digest = digestInPath(path);
      if (digest === undefined) return;
      const place = { cluster, namespace, name };
      const memory = `${digest} ${placeText(place)}`;
      const now = clock.now();
      const before = noted.get(memory);
      if (before !== undefined && now - before < REFRESH) return;
      const note = await notes.read(keyOf(digest));
      const entries = entriesIn(note?.text);
      const own = entries.find((entry) => placeText(entry) === placeText(place));
      if (own !== undefined && now - own.seen < REFRESH) {
        noted.set(memory, own.seen);
        return;
      }
      const others = entries.filter((entry) => entry !== own && now - entry.seen < GONE);
      const next = [{ ...place, seen: now }, ...others].toSorted((a, b) => b.seen - a.seen).slice(0, MOST);
      // Somebody else wrote it meanwhile: the next sweep adds what is missing.
      if (await notes.write(keyOf(digest), JSON.stringify({ places: next }), note)) noted.set(memory, now);
    },
    find: async (path) => {
      const digest = digestInPath(path);
      if (digest === undefined) return [];
      const note = await notes.read(keyOf(digest));
      return entriesIn(note?.text).map(({ cluster, namespace, name }) => ({ cluster, namespace, name }));
    },
  };
}

const keyOf = (digest: string): string => `receivers/${digest}`;
const placeText = ({ cluster, namespace, name }: ReceiverPlace): string => `${cluster}/${namespace}/${name}`;

/** What a note says, as far as it can be read: one that cannot is written anew. */
function entriesIn(text: string | undefined): readonly Entry[] {
  const parsed = text === undefined ? undefined : parseJson(text);
  const places = isObject(parsed) ? parsed.places : undefined;
  return isArray(places) ? places.flatMap((place) => entryIn(place)) : [];
}

function entryIn(value: Json): readonly Entry[] {
  if (!isObject(value)) return [];
  const { cluster, namespace, name, seen } = value;
  if (typeof cluster !== "string" || typeof namespace !== "string" || typeof name !== "string" || typeof seen !== "number") return [];
  return [{ cluster, namespace, name, seen: epochMs(seen) }];
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
