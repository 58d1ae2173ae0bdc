import type { PlacementRequest } from './types.ts';

/** What room was found for last: whoever asks the same of the same state need not look again. */
export class ProvenRoom {
  #version = -1;
  #request: PlacementRequest | null = null;

  /** There is room for a request in a version of the state, where nobody has to move and nothing is bound at once. */
  set(version: number, request: PlacementRequest): void {
    this.#version = version;
    this.#request = request;
  }

  /** True when it was just that request. */
  has(version: number, { cards, topology, gang, interval }: PlacementRequest): boolean {
    const known = this.#request;
    return (
      known !== null &&
      this.#version === version &&
      known.cards === cards &&
      known.topology === topology &&
      known.gang?.segmentCards === gang?.segmentCards &&
      known.interval.startAt === interval.startAt &&
      known.interval.endAt === interval.endAt
    );
  }
}
