/** A bug in Kashi: something the code holds to be impossible has happened. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** A service we depend on (database, device host, payment provider) is lost or misbehaves. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError';
}

/** States what must hold; throws {@link InvariantError} with the message when it does not. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Closes a switch over a union: a new member makes this call fail to compile. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}

/** The value, when it is there; throws {@link InvariantError} naming what is missing when it is not. */
export function present<T>(value: T | null | undefined, what: string): T {
  invariant(value !== null && value !== undefined, `${what} is missing`);
  return value;
}
