const SHOWN = "[secret]";

/** A text that no log, error, JSON or inspection shows. */
export type Secret = { reveal(): string; toString(): string; toJSON(): string };

export function secret(text: string): Secret {
  const hidden = { reveal: () => text, toString: () => SHOWN, toJSON: () => SHOWN };
  Object.defineProperty(hidden, Symbol.for("nodejs.util.inspect.custom"), { value: () => SHOWN });
  return hidden;
}
