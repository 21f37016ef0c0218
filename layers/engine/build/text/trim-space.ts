const SPACE = /[\t-\r\u0085\p{Z}]/u;

/** Go's strings.TrimSpace: not the byte order mark, but U+0085. By hand, since an expression that ends in `+$` looks at a run in the middle again and again. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start++;
  while (end > start && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
