import type { FleetReader, Patience } from './fleet-reader.ts';
import type { Snapshot } from './snapshot.ts';

type Options = {
  readonly patience?: Patience;
  /** How many pools of this process do not move on. */
  readonly poolsInTrouble?: () => number;
};

/** Collects from all fleets at once. Scrapes that come while a collection is under way share it. */
export class Collector {
  readonly #readers: () => readonly FleetReader[];
  readonly #patience: Patience;
  readonly #monotonicMs: () => number;
  readonly #poolsInTrouble: () => number;
  #underWay: Promise<Snapshot> | null = null;

  /** `readers` is asked at each collection, since pools come and go with leadership. */
  constructor(
    readers: () => readonly FleetReader[],
    monotonicMs: () => number,
    { patience = PATIENCE, poolsInTrouble = () => 0 }: Options = {},
  ) {
    this.#readers = readers;
    this.#patience = patience;
    this.#monotonicMs = monotonicMs;
    this.#poolsInTrouble = poolsInTrouble;
  }

  collect(): Promise<Snapshot> {
    this.#underWay ??= this.#collect().finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #collect(): Promise<Snapshot> {
    const startedMs = this.#monotonicMs();
    const fleets = await Promise.all(this.#readers().map((reader) => reader.collect(this.#patience)));
    const collectionSeconds = Math.round(this.#monotonicMs() - startedMs) / 1_000;
    return { fleets, poolsInTrouble: this.#poolsInTrouble(), collectionSeconds };
  }
}

/** Real time. Pausing for one turn of the event loop lets the process do whatever else it is for. */
const PATIENCE: Patience = {
  limit: (ms) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), ms);
    return { signal: controller.signal, callOff: () => clearTimeout(timer) };
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};
