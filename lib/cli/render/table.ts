import { displayWidth } from "./display-width.ts";

/**
 * A table as the `flux` command prints it: upper-case headers, every cell padded to its column, no borders; a tab after each cell, but a
 * space at the end of the header. A cell of several lines takes several lines of the table; no header, no header line.
 * Source: reference 6.1, real output of 2.9.5.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => name.toUpperCase());
  const lines = rows.flatMap(linesOf);
  const widths = widthsOf([head, ...lines]);
  const cells = (line: readonly string[]): readonly string[] => widths.map((width, column) => padded(line[column] ?? "", width));
  const first = head.length === 0 ? "" : `${cells(head).join("\t")} \n`;
  return first + lines.map((line) => `${cells(line).join("\t")}\t\n`).join("");
}

function widthsOf(lines: readonly (readonly string[])[]): readonly number[] {
  const columns = lines.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: columns }, (_, column) => lines.reduce((widest, line) => Math.max(widest, displayWidth(line[column] ?? "")), 0));
}

function linesOf(row: readonly string[]): readonly (readonly string[])[] {
  const cells = row.map((cell) => cell.split("\n"));
  const height = cells.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ""));
}

const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - displayWidth(text)));
