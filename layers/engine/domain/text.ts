/** `text` without the run of `letter` at its end. A regular expression such as `/ +$/` takes the square of a run's length when it stands elsewhere. */
export function withoutTrailing(text: string, letter: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === letter) end--;
  return end === text.length ? text : text.slice(0, end);
}
