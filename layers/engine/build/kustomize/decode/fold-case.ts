/** Field names are compared without regard to case, with the two letters beyond ASCII that fold into it. Source: Go encoding/json, foldName. */
export function foldCase(name: string): string {
  return name.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}
