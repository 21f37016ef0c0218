import { problem, type Result } from "../../../../domain/result.ts";
import type { Draft } from "../draft.ts";
import type { Creation } from "../match-path.ts";
export const readText = (_: string): Result<Draft> => problem("yaml: x");
export const replaceInText = (_d: Draft, _p: readonly string[], _v: Draft, _c: Creation): boolean => false;
