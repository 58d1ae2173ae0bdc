/**
 * Work that many ask for at once and that is dear: at most one run goes on and one more waits. Those who ask in one
 * breath share a run, and who asks while a run goes on shares the next one; so every answer was read after it was
 * asked for.
 */
export class SharedRun<T> {
  readonly #work: () => Promise<T>;
  #running: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  run(): Promise<T> {
    this.#next ??= this.#ended().then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  async #ended(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  #begin(): Promise<T> {
    const run = this.#work().finally(() => {
      if (this.#running === run) this.#running = null;
    });
    this.#running = run;
    return run;
  }
}
