/** Width below which there is no room for anything beside the dots. */
const LEAST_WIDTH = 4;
const LEAST_WIDTH_BOTH = 7;
const DOTS = "...";

/** Texts here are bytes, a character each. Source: sprig strings.go (abbrev). */
export const abbreviate = (width: number, text: string): string => (width < LEAST_WIDTH ? text : shorten(text, 0, width));

/** Source: sprig strings.go (abbrevboth). */
export const abbreviateBoth = (left: number, right: number, text: string): string =>
  right < LEAST_WIDTH || (left > 0 && right < LEAST_WIDTH_BOTH) ? text : shorten(text, left, right);

/** Source: goutils AbbreviateFull. A failure there is an empty text here, as sprig takes it. */
function shorten(text: string, left: number, width: number): string {
  if (text.length <= width) return text;
  const room = width - DOTS.length;
  const offset = Math.min(left, text.length, text.length - Math.min(left, text.length) < room ? text.length - room : text.length);
  if (offset <= LEAST_WIDTH) return text.slice(0, room) + DOTS;
  if (width < LEAST_WIDTH_BOTH) return "";
  if (offset + room < text.length) return DOTS + (room < LEAST_WIDTH ? "" : shorten(text.slice(offset), 0, room));
  return DOTS + text.slice(text.length - room);
}
