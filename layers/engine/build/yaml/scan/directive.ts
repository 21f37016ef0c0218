import { DOT, END, EXCLAMATION, HASH, isBlank, isBlankBreakOrEnd, isBreakOrEnd, isDigit } from "./characters.ts";
import { takeHandle, takeUri, takeWord } from "./property.ts";
import { failScan, peek, type Scanner, skipToLineEnd, takeBreak } from "./scanner.ts";
import { TAG_DIRECTIVE, type Token, token, VERSION_DIRECTIVE } from "./token.ts";

const LONGEST_NUMBER = 2;

/** `%YAML 1.1` or `%TAG !e! tag:example.com,2000:` with the rest of its line. Source: go-yaml scannerc.go, scan_directive. */
export function scanDirective(scanner: Scanner): Token {
  const startLine = scanner.line;
  scanner.at++;
  const read = scanContent(scanner, startLine);
  if (scanner.failure !== undefined) return read;
  skipBlanks(scanner);
  if (peek(scanner, 0) === HASH) skipToLineEnd(scanner);
  if (!isBreakOrEnd(peek(scanner, 0))) failScan(scanner, "did not find expected comment or line break", startLine);
  else if (peek(scanner, 0) !== END) takeBreak(scanner);
  return read;
}

function scanContent(scanner: Scanner, startLine: number): Token {
  const name = takeWord(scanner);
  if (name === "") failScan(scanner, "could not find expected directive name", startLine);
  else if (!isBlankBreakOrEnd(peek(scanner, 0))) failScan(scanner, "found unexpected non-alphabetical character", startLine);
  else if (name === "YAML") return scanVersion(scanner, startLine);
  else if (name === "TAG") return scanTagDirective(scanner, startLine);
  else failScan(scanner, "found unknown directive name", startLine);
  return token(VERSION_DIRECTIVE, startLine);
}

function scanVersion(scanner: Scanner, startLine: number): Token {
  skipBlanks(scanner);
  const major = takeNumber(scanner, startLine);
  if (peek(scanner, 0) !== DOT) failScan(scanner, "did not find expected digit or '.' character", startLine);
  scanner.at++;
  const minor = takeNumber(scanner, startLine);
  return token(VERSION_DIRECTIVE, startLine, `${major}.${minor}`);
}

function takeNumber(scanner: Scanner, startLine: number): number {
  let value = 0;
  let length = 0;
  for (let code = peek(scanner, 0); isDigit(code) && scanner.failure === undefined; code = peek(scanner, 0)) {
    length++;
    if (length > LONGEST_NUMBER) failScan(scanner, "found extremely long version number", startLine);
    value = value * 10 + code - 0x30;
    scanner.at++;
  }
  if (length === 0) failScan(scanner, "did not find expected version number", startLine);
  return value;
}

function scanTagDirective(scanner: Scanner, startLine: number): Token {
  skipBlanks(scanner);
  const handle = peek(scanner, 0) === EXCLAMATION ? takeHandle(scanner) : "";
  // A handle is `!`, or it begins and ends with one.
  if (handle === "" || (handle !== "!" && !handle.endsWith("!"))) failScan(scanner, "did not find expected '!'", startLine);
  if (!isBlank(peek(scanner, 0))) failScan(scanner, "did not find expected whitespace", startLine);
  skipBlanks(scanner);
  const prefix = takeUri(scanner, "", startLine);
  if (!isBlankBreakOrEnd(peek(scanner, 0))) failScan(scanner, "did not find expected whitespace or line break", startLine);
  return token(TAG_DIRECTIVE, startLine, handle, prefix);
}

function skipBlanks(scanner: Scanner): void {
  while (isBlank(peek(scanner, 0))) scanner.at++;
}
