/** The command ends with `✗ <message>` (a warning sign at exit code 1 of `diff`, as Flux has it) and this exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: number;
  /** Where the cause stands, which the program whose words these are does not say: for people. */
  readonly place: string | undefined;
  constructor(message: string, exitCode = 1, place?: string) {
    super(message);
    this.exitCode = exitCode;
    this.place = place;
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
