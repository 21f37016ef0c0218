import type { GoJson } from "../message/go-json.ts";

export const GITHUB_STATUS_WORDS = { unknownSeverity: "can't convert to github state" };

/** go-github does not escape for HTML, and ends with a line. */
export const gitHubJson = (body: GoJson): string => `${JSON.stringify(body)}\n`;
