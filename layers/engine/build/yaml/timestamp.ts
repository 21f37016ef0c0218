/** `2001-1-2`, `2001-01-02T3:04:05.6Z`, `2001-01-02t03:04:05+02:00`, `2001-01-02 03:04:05`: the forms that go-yaml knows. */
const FORM = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/;

/**
 * A date or time without quotes, as the text that JSON makes of Go's time.Time: `2001-01-02` is `2001-01-02T00:00:00Z`.
 * `unwritable` is a time that Go refuses to write. Undefined for all other text.
 * Source: go-yaml resolve.go (parseTimestamp), Go time.Parse and Time.MarshalJSON.
 */
export function readTimestamp(text: string): { readonly json: string } | "unwritable" | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const number = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4) || number(9), number(5) || number(10), number(6) || number(11)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = readOffset(parts[8] ?? "Z");
  if (offset === undefined) return undefined;
  if (Math.abs(offset) >= 24 * 60) return "unwritable";
  const fraction = (parts[7] ?? parts[12] ?? "").slice(0, 9).replace(/0+$/, "");
  const [date, time] = [[pad(year, 4), pad(month, 2), pad(day, 2)].join("-"), [hour, minute, second].map((part) => pad(part, 2)).join(":")];
  return { json: `${date}T${time}${fraction === "" ? "" : `.${fraction}`}${writeOffset(offset)}` };
}

/** Minutes east of Greenwich. Go lets 24 hours and 60 minutes pass. */
function readOffset(text: string): number | undefined {
  if (text === "Z") return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4))];
  if (hours > 24 || minutes > 60) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function writeOffset(minutes: number): string {
  if (minutes === 0) return "Z";
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`;
}

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
