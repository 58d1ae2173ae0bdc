/**
 * Runs one kind of work beside the round that asks for it: at most one run at a time, nobody waits. What a run throws
 * is thrown to whoever asks next, so that a bug is not lost.
 */
export class InBackground {
  #isRunning = false;
  #failure: { readonly error: unknown } | null = null;

  /** Starts a run unless one is under way. Throws what the last run threw. */
  kick(work: () => Promise<void>): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure.error;
    if (this.#isRunning) return;
    this.#isRunning = true;
    work()
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#isRunning = false;
      });
  }
}
