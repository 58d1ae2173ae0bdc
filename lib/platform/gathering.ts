/** One caller who waits for an answer. */
type Waiting<Call, Answer> = {
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};

/** How calls are sent together. `send` answers each call, in their order, or fails as a whole. */
export type Sending<Call, Answer> = {
  readonly send: (calls: readonly Call[]) => Promise<readonly Answer[]>;
  /** Whether calls that failed together may be tried one by one: not when nobody knows whether they were carried out. */
  readonly mayTryApart: (error: unknown) => boolean;
  /** How many groups may be on their way at once: one that waits for something does not hold up the rest. */
  readonly lanes: number;
  readonly callsMax: number;
};

/**
 * Sends calls that are made at the same moment together, for what costs more to send than to do. Nobody waits for company:
 * whoever comes alone goes alone, and those who come while all lanes are taken go with the next. A group that fails is tried
 * one by one, so that one bad call harms no other.
 */
export class Gathering<Call, Answer> {
  readonly #sending: Sending<Call, Answer>;
  #waiting: Waiting<Call, Answer>[] = [];
  #onTheirWay = 0;
  #willLeave = false;

  constructor(sending: Sending<Call, Answer>) {
    this.#sending = sending;
  }

  call(call: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      if (this.#willLeave) return;
      this.#willLeave = true;
      // All that one event wakes has called by then.
      setImmediate(() => {
        this.#willLeave = false;
        this.#leave();
      });
    });
  }

  #leave(): void {
    const { lanes, callsMax } = this.#sending;
    while (this.#onTheirWay < lanes && this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, callsMax);
      this.#waiting = this.#waiting.slice(callsMax);
      this.#onTheirWay += 1;
      void this.#carry(group).finally(() => {
        this.#onTheirWay -= 1;
        this.#leave();
      });
    }
  }

  /** Sends a group and tells each caller. Never fails itself. */
  async #carry(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    const { send, mayTryApart } = this.#sending;
    try {
      const answers = await send(group.map(({ call }) => call));
      if (answers.length !== group.length) throw new Error(`${group.length} calls had ${answers.length} answers`);
      for (const [n, answer] of answers.entries()) group[n]?.resolve(answer);
    } catch (error) {
      if (group.length > 1 && mayTryApart(error)) await Promise.all(group.map((one) => this.#carry([one])));
      else for (const { reject } of group) reject(error);
    }
  }
}
