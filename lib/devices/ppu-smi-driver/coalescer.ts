import { setImmediate as turn } from 'node:timers/promises';

/**
 * Joins what is asked at about the same time into one read: all that is asked in one turn of the event loop, and all
 * that is asked while a read runs. Nobody is ever answered by a read that began before he asked, so nothing is cached.
 */
export class Coalescer<Ask, Answer> {
  readonly #read: (asks: readonly Ask[]) => Promise<Answer>;
  #gathering: { readonly asks: Ask[]; readonly answer: Promise<Answer> } | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(read: (asks: readonly Ask[]) => Promise<Answer>) {
    this.#read = read;
  }

  ask(what: Ask): Promise<Answer> {
    this.#gathering ??= this.#gather();
    this.#gathering.asks.push(what);
    return this.#gathering.answer;
  }

  #gather(): { asks: Ask[]; answer: Promise<Answer> } {
    const asks: Ask[] = [];
    const answer = this.#running
      .then(() => turn())
      .then(() => {
        this.#gathering = null;
        return this.#read(asks);
      });
    this.#running = answer.catch(() => undefined);
    return { asks, answer };
  }
}
