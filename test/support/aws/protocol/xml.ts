const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;", "\n": "&#xA;" };
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export const escapeXml = (text: string): string => text.replace(/[&<>"\r\n]/g, (found) => ENTITIES[found] ?? found);

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole: string, hex?: string, digits?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (digits !== undefined) return String.fromCodePoint(Number(digits));
    return NAMED[name ?? ""] ?? whole;
  });
}

/** A value as elements: members of an object, each value of a list as one more element of the same name; what is undefined is left out. */
export function renderXml(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object") return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .flatMap(([name, child]) => (Array.isArray(child) ? child : [child]).map((one) => `<${name}>${renderXml(one)}</${name}>`))
    .join("");
}

/** The content of every element `name`, in order; elements of the same name do not stand within each other. */
export function elementsOf(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?(?:/>|>([\\s\\S]*?)</${name}>)`, "g"))].map(([, content]) => content ?? "");
}

export function elementOf(xml: string, name: string): string | undefined {
  const found = elementsOf(xml, name)[0];
  return found === undefined ? undefined : unescapeXml(found);
}
