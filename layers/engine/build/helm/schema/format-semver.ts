import { quoteCharacter } from "../../text/quote.ts";

/** Source: santhosh-tekuri/jsonschema v6, validateSemver. */
export function checkSemver(text: string): string | undefined {
  const plus = text.indexOf("+");
  const build = plus < 0 ? undefined : text.slice(plus + 1);
  const version = plus < 0 ? text : text.slice(0, plus);
  const dash = version.indexOf("-");
  const wrong = (build === undefined ? undefined : checkBuild(build)) ?? (dash < 0 ? undefined : checkPreRelease(version.slice(dash + 1)));
  return wrong ?? checkCore(dash < 0 ? version : version.slice(0, dash));
}

function checkBuild(build: string): string | undefined {
  if (build === "") return "build is empty";
  return checkIdentifiers(build, "build");
}

function checkPreRelease(text: string): string | undefined {
  for (const identifier of text.split(".")) {
    const wrong = checkIdentifiers(identifier, "pre-release");
    if (wrong !== undefined) return wrong;
    if (/^0[0-9]+$/.test(identifier)) return "pre-release numeric identifier starts with zero";
  }
  return undefined;
}

function checkIdentifiers(text: string, what: string): string | undefined {
  for (const identifier of text.split(".")) {
    if (identifier === "") return `${what} identifier is empty`;
    const [wrong] = /[^0-9A-Za-z-]/u.exec(identifier) ?? [];
    if (wrong !== undefined) return `invalid character ${quoteCharacter(wrong)} in ${what} identifier`;
  }
  return undefined;
}

const NAMES = ["major", "minor", "patch"];

function checkCore(text: string): string | undefined {
  const numbers = text.split(".");
  if (numbers.length !== NAMES.length) return "versionCore must have 3 numbers separated by dot";
  for (const [index, number] of numbers.entries()) {
    if (number === "") return `${NAMES[index]} is empty`;
    if (number.length > 1 && number.startsWith("0")) return `${NAMES[index]} starts with zero`;
    if (!/^[0-9]+$/.test(number)) return `${NAMES[index]} contains non-digit`;
  }
  return undefined;
}
