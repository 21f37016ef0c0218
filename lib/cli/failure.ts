/** The command ends with `✗ <message>` (a warning sign at exit code 1 of `diff`, as Flux has it) and this exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command has said all that there is to say; it ends with this exit code. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}
