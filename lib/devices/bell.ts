/** Wakes whoever waits; a ring between two waits is kept, several are one: only how things stand now matters. */
export class Bell {
  #ringing = Promise.withResolvers<void>();

  ring(): void {
    this.#ringing.resolve();
  }

  silence(): void {
    this.#ringing = Promise.withResolvers<void>();
  }

  rung(): Promise<void> {
    return this.#ringing.promise;
  }
}
