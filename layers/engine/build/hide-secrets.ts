import type { Json, JsonObject } from "../domain/json.ts";
import type { Tree } from "../domain/tree.ts";
import { collectValues } from "./secrets/collect-values.ts";
import { leavesOf } from "./secrets/forms.ts";
import { maskValues } from "./secrets/mask-values.ts";
import { limited, MAX_STEPS } from "./work.ts";

const HIDDEN = "***";
/** Shorter values occur in every text; replacing them would say more than it hides. */
const SHORTEST = 3;
/** What the message of a condition holds. */
const LONGEST_MESSAGE = 32_768;
const CUT = " … ";
/** Of a message that is longer only its beginning and end are looked through. */
const LOOKED_THROUGH = 1024 * 1024;
/** More than the longest piece of a value that is looked for takes, with what writing adds: where a message was cut, half a piece may stand. */
const HALF_PIECE = 4096;

/**
 * What is said of a build that failed, without the values of the Secrets in its tree, and short enough for a condition: kustomize prints whole objects, contents of nodes and
 * literals. `spec` is the Kustomization's, whose patches count as well. Source: security.md, "Secret values in diffs/events/errors".
 */
export function hideSecrets(message: string, tree: Tree, spec: Json = null): string {
  return limited(
    MAX_STEPS,
    () => cutMessage(message, (text) => maskValues(text, HIDDEN, (hide) => collectValues(tree, spec, hide))),
    (exceeded) => `the message may show Secrets, and cannot be looked through: ${exceeded}`,
  );
}

/** Masked first and cut then: half a value that was cut would be found by nobody. */
function cutMessage(message: string, mask: (text: string) => string): string {
  if (message.length <= 2 * LOOKED_THROUGH) {
    const shown = mask(message);
    const half = (LONGEST_MESSAGE - CUT.length) / 2;
    return shown.length <= LONGEST_MESSAGE ? shown : joined(shown.slice(0, Math.ceil(half)), shown.slice(shown.length - Math.floor(half)));
  }
  const [first = "", last = ""] = mask(`${message.slice(0, LOOKED_THROUGH)}${BETWEEN}${message.slice(-LOOKED_THROUGH)}`).split(BETWEEN);
  const half = Math.floor((LONGEST_MESSAGE - CUT.length) / 2);
  return joined(first.slice(0, Math.min(half, Math.max(first.length - HALF_PIECE, 0))), last.slice(Math.max(last.length - half, HALF_PIECE)));
}

/** Stands in no value. */
const BETWEEN = "\ue000\ue001\ue000";

/** Without halves of characters. */
const joined = (first: string, last: string): string => `${first.replace(/[\ud800-\udbff]$/, "")}${CUT}${last.replace(/^[\udc00-\udfff]/, "")}`;

/** `text` with `mask` for each of `values` that is long enough to mean something, the longest first. */
export function hideValues(text: string, values: Iterable<string>, mask: string): string {
  const found = [...new Set(values)].filter((value) => value.length >= SHORTEST).flatMap((value) => writtenIn(text, value));
  return found.toSorted((a, b) => b.length - a.length).reduce((rest, value) => rest.replaceAll(value, mask), text);
}

const ESCAPED = /["\\<>&\s\p{Cc}]/u;
/** An object as JSON, quoted by a server, quoted by whoever writes it into a line of a log. */
const MOST_QUOTED = 4;

/** How `value` stands in `text`: as it is, or within quotes, which may stand within quotes themselves. */
function writtenIn(text: string, value: string): readonly string[] {
  if (!ESCAPED.test(value)) return text.includes(value) ? [value] : [];
  const forms = new Set([value]);
  for (let [plain, asGo, depth] = [value, inGoJson(value), 0]; depth < MOST_QUOTED; depth++) {
    forms.add(asGo);
    plain = inQuotes(plain);
    forms.add(plain);
    asGo = inQuotes(asGo);
  }
  return [...forms].filter((form) => text.includes(form));
}

const inQuotes = (text: string): string => JSON.stringify(text).slice(1, -1);
const inGoJson = (text: string): string => inQuotes(text).replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Every value in the data of a Secret: as it stands there, as text inside of quotes, decoded, and each line by itself. */
export function secretValuesOf(secret: JsonObject): readonly string[] {
  const values = new Set<string>();
  for (const [key, data] of Object.entries(secret)) if (/^(?:string)?data$/i.test(key)) for (const leaf of leavesOf(data)) addForms(leaf, values);
  return [...values];
}

function addForms(value: string, values: Set<string>): void {
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const lines = [value, decoded].flatMap((text) => [text, ...text.split(/[\r\n]+/)]).map((line) => line.trim());
  for (const line of [value, ...lines]) {
    values.add(line);
    values.add(JSON.stringify(line).slice(1, -1));
  }
}
