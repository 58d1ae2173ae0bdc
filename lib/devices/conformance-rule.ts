import { InvariantError, invariant, present } from '#lib/core/assert.ts';
import { type DeviceDriver, type DeviceInfo, type DevicePlugin, type DriverCode, DriverError } from './types.ts';

/** What a test rig can do to a server that its interfaces cannot. */
export type ConformanceRig = {
  /** Makes a card report an application XID. */
  disturb(uuid: string): Promise<void>;
  /** Makes a card drop off. */
  lose(uuid: string): Promise<void>;
  /** Brings the server to full health and waits until it is. */
  mend(): Promise<void>;
  /** Waits, in bounded time, until all that was caused so far has reached every reader and subscriber. */
  settle(): Promise<void>;
  /** Occupies a card; the function returned frees it. */
  hold(uuid: string): Promise<() => void>;
};

/** An idle, healthy server with at least two cards. `connect` gives a fresh handle that nobody has initialised. */
export type ConformanceSubject = {
  readonly connect: () => DeviceDriver;
  readonly plugin: DevicePlugin;
  readonly rig: ConformanceRig;
  /** How long something that must come is waited for before the rule fails; 10 s when not given. */
  readonly patienceMs?: number;
};

/** One guarantee. `check` rejects with what it found when the guarantee does not hold. */
export type ConformanceRule = {
  readonly name: string;
  /** It changes nothing and needs nothing of the rig, so it may be run on a server in service, or on a recording. */
  readonly isReadOnly?: true;
  readonly check: (subject: ConformanceSubject) => Promise<void>;
};

/** A handle that is ready, and the cards it lists. */
export async function openServer({ connect }: ConformanceSubject): Promise<{
  driver: DeviceDriver;
  cards: readonly DeviceInfo[];
  first: DeviceInfo;
}> {
  const driver = connect();
  await driver.init();
  const cards = await driver.list();
  return { driver, cards, first: present(cards[0], 'a listed card') };
}

/** Holds when the call rejects with a `DriverError` of that code. */
export async function expectCode(call: Promise<unknown>, code: DriverCode, what: string): Promise<void> {
  const outcome = await call.then(
    () => 'success',
    (error: unknown) => (error instanceof DriverError ? error.code : String(error)),
  );
  invariant(outcome === code, `${what}: expected code ${code}, got ${outcome}`);
}

/** Holds when both are the same plain data. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  invariant(a === b, `${what}: expected ${b}, got ${a}`);
}

const PATIENCE_MS = 10_000;

/** Waits for what must come, so that a server which stays silent fails a rule instead of hanging it. */
export async function mustCome<T>(
  { patienceMs = PATIENCE_MS }: ConformanceSubject,
  wait: Promise<T>,
  what: string,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new InvariantError(`${what} did not come`)), patienceMs);
  try {
    return await Promise.race([wait, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
