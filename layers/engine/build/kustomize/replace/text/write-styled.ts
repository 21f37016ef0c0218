import { type Draft, entriesOf, itemsOf, kindOfDraft, tagOfDraft, textOfDraft } from "../draft.ts";
import { tagOfText } from "../tag.ts";
import { type Look, PLAIN_LOOK as PLAIN } from "./look.ts";
import type { StyledText } from "./styled-text.ts";
import { writeScalar } from "./write-scalar.ts";

/** The text anew, as go-yaml v3 writes it for kyaml: two columns, lists not indented, lines of any length; quotes and comments as they were. */
export function writeStyled({ root, looks, keys, foot }: StyledText): string {
  // What has been replaced as a whole looks like new.
  const lookOf = (draft: Draft): Look => (draft.content.kind === "closed" && kindOfDraft(draft) !== "ScalarNode" ? PLAIN : (looks.get(draft) ?? PLAIN));

  const scalar = (draft: Draft, column: number, inFlow: boolean): string =>
    lookOf(draft).prefix.startsWith("*")
      ? lookOf(draft).prefix
      : prefixed(draft) + writeScalar(textOfDraft(draft), isForced(draft), lookOf(draft).style, { column, inFlow });

  const prefixed = (draft: Draft): string => lookOf(draft).prefix || tagBefore(draft);

  const flow = (draft: Draft): string => {
    const items = itemsOf(draft);
    if (items !== undefined) return `${prefixed(draft)}[${items.map(flow).join(", ")}]`;
    const entries = entriesOf(draft);
    if (entries === undefined) return scalar(draft, 0, true);
    return `${prefixed(draft)}{${[...entries].map(([key, value]) => `${keyText(draft, key, true)}: ${flow(value)}`).join(", ")}}`;
  };

  const keyLook = (map: Draft, key: string): Look => keys.get(map)?.get(key) ?? PLAIN;
  const keyText = (map: Draft, key: string, inFlow: boolean): string => {
    const look = keys.get(map)?.get(key);
    return writeScalar(key, look !== undefined && tagOfText(key) !== "!!str" ? false : look !== undefined, look?.style ?? "plain", { column: 0, inFlow });
  };

  const isFlow = (draft: Draft): boolean =>
    kindOfDraft(draft) !== "ScalarNode" && (lookOf(draft).style === "flow" || (itemsOf(draft)?.length ?? entriesOf(draft)?.size) === 0);

  const behind = (text: string, comment: string): string => (comment === "" ? text : `${text} ${comment}`);

  const entryLines = (map: Draft, key: string, value: Draft): readonly string[] => {
    const look = keyLook(map, key);
    const name = `${keyText(map, key, false)}:`;
    const shown = lookOf(value);
    if (kindOfDraft(value) === "ScalarNode") {
      const [first = "", ...rest] = scalar(value, 2, false).split("\n");
      return [...look.head, behind(first === "" ? name : `${name} ${first}`, shown.line), ...rest];
    }
    if (isFlow(value)) return [...look.head, behind(`${name} ${flow(value)}`, shown.line)];
    const [inner, gap] = [lines(value), kindOfDraft(value) === "SequenceNode" ? "" : "  "];
    return [
      ...look.head,
      behind(`${name} ${prefixed(value)}`.trimEnd(), look.line),
      ...[...shown.head, ...inner].map((line) => (line === "" ? "" : gap + line)),
    ];
  };

  const itemLines = (item: Draft): readonly string[] => {
    const shown = lookOf(item);
    if (kindOfDraft(item) === "ScalarNode")
      return [
        ...shown.head,
        ...indented(
          [behind(scalar(item, 2, false), shown.line)].flatMap((text) => text.split("\n")),
          false,
        ),
      ];
    if (isFlow(item)) return [...shown.head, behind(`- ${flow(item)}`, shown.line)];
    return [...shown.head, ...indented(lines(item), true)];
  };

  const indented = ([first = "", ...rest]: readonly string[], all: boolean): readonly string[] => [
    `- ${first}`,
    ...rest.map((line) => (line === "" || !all ? line : `  ${line}`)),
  ];

  const lines = (draft: Draft): readonly string[] => {
    const items = itemsOf(draft);
    const { foot: below } = draft === root ? PLAIN : lookOf(draft);
    if (items !== undefined) return [...items.flatMap(itemLines), ...below];
    return [...[...(entriesOf(draft) ?? [])].flatMap(([key, value]) => entryLines(draft, key, value)), ...below];
  };

  const { head } = lookOf(root);
  const body = kindOfDraft(root) === "ScalarNode" ? [behind(scalar(root, 2, false), lookOf(root).line)] : isFlow(root) ? [flow(root)] : lines(root);
  return `${[...head, ...body, ...foot].join("\n")}\n`;
}

/** Text that reads like something else, of which it is known that it is text. */
const isForced = (draft: Draft): boolean => tagOfDraft(draft) === "!!str";

/** A type that the text does not have by itself is written down. */
function tagBefore(draft: Draft): string {
  const tag = tagOfDraft(draft);
  return tag === "" || tag === "!!str" || tag === tagOfText(textOfDraft(draft)) ? "" : `${tag} `;
}
