import type { PendingRow } from '#lib/reservations/command-log.ts';

/** The round before was not committed, so the one behind it has nothing to stand on. */
export class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

/**
 * What a round gives to the one behind it, whose transaction opens while the first is still being written: first the
 * commands that it is to decide, then the word that the first is committed and kept in memory. Either never comes when the
 * first fails: then whoever waits for it hears {@link Withdrawn}.
 */
export class Handover {
  readonly #commands = Promise.withResolvers<readonly PendingRow[]>();
  readonly #kept = Promise.withResolvers<void>();

  constructor() {
    // Whoever waits hears of a failure; it is no fault of the process when nobody does yet.
    this.#commands.promise.catch(() => {});
    this.#kept.promise.catch(() => {});
  }

  /** The commands to decide. */
  get commands(): Promise<readonly PendingRow[]> {
    return this.#commands.promise;
  }

  /** Until the round before is committed and kept. */
  get kept(): Promise<void> {
    return this.#kept.promise;
  }

  /** Whether the round before was kept, once that is known. Never fails. */
  wasKept(): Promise<boolean> {
    return this.#kept.promise.then(
      () => true,
      () => false,
    );
  }

  /** All that the round before locks is locked, and only its commit is left: from here on nobody waits for the other in a ring. */
  give(commands: readonly PendingRow[]): void {
    this.#commands.resolve(commands);
  }

  keep(): void {
    this.#kept.resolve();
  }

  withdraw(): void {
    const withdrawn = new Withdrawn('the round before was not committed');
    this.#commands.reject(withdrawn);
    this.#kept.reject(withdrawn);
  }
}
