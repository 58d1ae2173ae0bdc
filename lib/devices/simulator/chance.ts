import { HOUR_MS, instant } from '#lib/core/instant.ts';
import type { Appointment } from './agenda.ts';
import { uniform } from './hash.ts';
import type { Sim } from './state.ts';

const SALT = { gap: 31, victim: 32 } as const;

/**
 * Strikes by chance from now on: a Poisson process over equal victims, which follows from the seed and the number of
 * the injection alone. Faults that come by themselves are not touched by it.
 */
export class Chance {
  readonly #sim: Sim;
  readonly #number: number;
  readonly #strikes: readonly (() => void)[];
  readonly #perMs: number;
  /** Not rounded, so that no time is lost from strike to strike. */
  #atMs: number;
  #count = 0;
  #next: Appointment | null = null;

  constructor(sim: Sim, number: number, strikes: readonly (() => void)[], perHourEach: number) {
    this.#sim = sim;
    this.#number = number;
    this.#strikes = strikes;
    this.#perMs = (perHourEach * strikes.length) / HOUR_MS;
    this.#atMs = sim.now;
    this.#goOn();
  }

  /** No more strikes. */
  end(): void {
    if (this.#next) this.#next.isOff = true;
  }

  #goOn(): void {
    this.#atMs += -Math.log(1 - this.#draw(SALT.gap)) / this.#perMs;
    const at = Math.ceil(this.#atMs);
    this.#next = Number.isSafeInteger(at) ? this.#sim.agenda.add(instant(at), () => this.#happen()) : null;
  }

  #happen(): void {
    this.#strikes[Math.floor(this.#draw(SALT.victim) * this.#strikes.length)]?.();
    this.#count += 1;
    this.#goOn();
  }

  #draw(salt: number): number {
    return uniform(this.#sim.seed, this.#number, this.#count, salt);
  }
}
