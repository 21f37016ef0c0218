type Environment = { readonly [name: string]: string | undefined };

/** A variable that the stack sets. Read at a composition root only: what is missing stops the function when it starts, and not in the middle of a run. */
export function readVariable(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: the stack gives it to this function`);
  return value;
}
