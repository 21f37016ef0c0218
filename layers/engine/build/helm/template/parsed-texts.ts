import { createKept, type Kept } from "../../kept.ts";
import type { Template } from "./state.ts";

/** By name and text. Bounded: `tpl` may make new texts without end, and a process may see many charts. */
export type ParsedTexts = Kept<readonly Template[]>;

/** What is made of a text takes some 80 bytes for each of its characters. */
const CHARACTERS = 500_000;
/** Also what is made of nothing takes memory. */
const LEAST = 20;

export const createParsedTexts = (): ParsedTexts => createKept(CHARACTERS);

export const weightOf = (text: string): number => LEAST + text.length;
