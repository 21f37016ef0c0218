/** What goes back over the wire. */
export type AwsAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** An error as AWS would answer it; each protocol gives it its own form. */
export class AwsProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** The code's name in SQS' old query protocol, which its clients still compare with. */
  readonly queryCode: string | undefined;
  /** Members of the answer beside code and message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; queryCode?: string; details?: Readonly<Record<string, unknown>> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
    this.details = options.details ?? {};
  }
}

/** AWS knows it and the fake does not: said aloud, so that no test passes because something was ignored. */
export const notInTheFake = (what: string): AwsProblem =>
  new AwsProblem("NotInTheFake", `${what} is not in the AWS fake: see test/support/aws/README.md`, { status: 501 });
