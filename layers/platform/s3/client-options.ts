import { CLIENT_OPTIONS } from "../aws/client-options.ts";

/**
 * How clients of S3 behave here. We check what we read ourselves: a client that does so, too, by whatever checksum S3 has, would make a broken answer of
 * bytes that are damaged where they lie. What we write carries a checksum of its own where that matters.
 */
export const S3_CLIENT_OPTIONS = { ...CLIENT_OPTIONS, requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" } as const;
