/** The kinds of tokens, as numbers: they are compared for every word of a file. */
export const FAILED = 0;
export const STREAM_END = 1;
export const VERSION_DIRECTIVE = 2;
export const TAG_DIRECTIVE = 3;
export const DOCUMENT_START = 4;
export const DOCUMENT_END = 5;
export const BLOCK_SEQUENCE_START = 6;
export const BLOCK_MAPPING_START = 7;
export const BLOCK_END = 8;
export const FLOW_SEQUENCE_START = 9;
export const FLOW_SEQUENCE_END = 10;
export const FLOW_MAPPING_START = 11;
export const FLOW_MAPPING_END = 12;
export const BLOCK_ENTRY = 13;
export const FLOW_ENTRY = 14;
export const KEY = 15;
export const VALUE = 16;
export const ALIAS = 17;
export const ANCHOR = 18;
export const TAG = 19;
export const PLAIN = 20;
export const QUOTED = 21;
export const LITERAL = 22;
export const FOLDED = 23;

/**
 * `text` is the value of a scalar, the name of an anchor or alias, the handle of a tag or tag directive, the version of a version directive;
 * and, where comments are kept, the column of a block collection; `suffix` what follows the handle, and the quotes of a scalar. `line` is where it begins, `endLine` where it ends, both from 0.
 */
export type Token = { readonly kind: number; readonly line: number; readonly endLine: number; readonly text: string; readonly suffix: string };

export const token = (kind: number, line: number, text = "", suffix = "", endLine = line): Token => ({ kind, line, endLine, text, suffix });

export const isScalarToken = (kind: number): boolean => kind >= PLAIN;
