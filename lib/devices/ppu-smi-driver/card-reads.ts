import { DriverCode, DriverError } from '../types.ts';
import { Coalescer } from './coalescer.ts';

/** Reads some aspect of the card that `id` names, or of all that are listed, in one run of a tool; answers by uuid. */
export type ReadCards<Ask, Answer> = (asks: readonly Ask[], id: string | null) => Promise<ReadonlyMap<string, Answer>>;

type Wish<Ask> = { readonly uuid: string; readonly ask: Ask };
type Outcome<Answer> = { readonly answer: Answer } | { readonly failure: DriverError };

/**
 * One aspect of the cards of a server. Cards asked for at about the same time share a run; one that the answer about
 * all leaves out is asked for by name, so that the tool says why.
 */
export class CardReads<Ask, Answer> {
  readonly #read: ReadCards<Ask, Answer>;
  readonly #coalescer: Coalescer<Wish<Ask>, ReadonlyMap<string, Outcome<Answer>>>;

  constructor(read: ReadCards<Ask, Answer>) {
    this.#read = read;
    this.#coalescer = new Coalescer((wishes) => this.#readAll(wishes));
  }

  /** Rejects `NOT_FOUND` or `DEVICE_LOST` for a card that the tool does not have, `UNKNOWN` for what cannot be read. */
  async read(uuid: string, ask: Ask): Promise<Answer> {
    const outcome = (await this.#coalescer.ask({ uuid, ask })).get(uuid);
    if (outcome && 'answer' in outcome) return outcome.answer;
    throw outcome?.failure ?? new DriverError(DriverCode.NOT_FOUND, 'read', uuid);
  }

  async #readAll(wishes: readonly Wish<Ask>[]): Promise<ReadonlyMap<string, Outcome<Answer>>> {
    const uuids = [...new Set(wishes.map(({ uuid }) => uuid))];
    const asks = wishes.map(({ ask }) => ask);
    const together = uuids.length === 1 ? new Map<string, Answer>() : await this.#readListed(asks);
    const outcomes = new Map<string, Outcome<Answer>>();
    for (const uuid of uuids) {
      const answer = together.get(uuid);
      outcomes.set(uuid, answer === undefined ? await this.#readOne(asks, uuid) : { answer });
    }
    return outcomes;
  }

  async #readListed(asks: readonly Ask[]): Promise<ReadonlyMap<string, Answer>> {
    try {
      return await this.#read(asks, null);
    } catch (error) {
      if (error instanceof DriverError && error.code === DriverCode.NOT_FOUND) return new Map();
      throw error;
    }
  }

  async #readOne(asks: readonly Ask[], uuid: string): Promise<Outcome<Answer>> {
    try {
      const answer = (await this.#read(asks, uuid)).get(uuid);
      return answer === undefined ? { failure: new DriverError(DriverCode.UNKNOWN, 'read', uuid) } : { answer };
    } catch (error) {
      if (error instanceof DriverError) return { failure: new DriverError(error.code, error.op, uuid) };
      throw error;
    }
  }
}
