import { earlier, type Instant } from '#lib/core/instant.ts';
import { DriverCode, DriverError } from '../types.ts';

/** A server whose clock runs further ahead of ours proves nothing by it. */
const CLOCK_AHEAD_MS_MAX = 60_000;

/**
 * What the samples of each second prove. The tool prints events at once and samples from time to time, and nothing says
 * that it does so in one order; so a round proves nothing of itself, but the round after it proves that everything up
 * to its stamp has been printed.
 */
export class HeartbeatRounds {
  readonly #heard = new Set<number>();
  #startAt: Instant | null = null;
  #lastAt: Instant | null = null;

  /**
   * Takes the sample of a card; answers up to when everything is now known to be printed, null before the second
   * round. Throws `UNKNOWN` for a stamp that cannot be: behind the one before, or far ahead of our own clock.
   */
  beat(index: number, at: Instant, now: Instant): Instant | null {
    const isBack = this.#lastAt !== null && at < this.#lastAt;
    if (isBack || at > now + CLOCK_AHEAD_MS_MAX) throw new DriverError(DriverCode.UNKNOWN, 'stats');
    this.#lastAt = at;
    const stamp = earlier(at, now);
    if (!this.#heard.has(index)) {
      this.#heard.add(index);
      this.#startAt = this.#startAt === null ? stamp : earlier(this.#startAt, stamp);
      return null;
    }
    const proven = this.#startAt;
    this.#heard.clear();
    this.#heard.add(index);
    this.#startAt = stamp;
    return proven;
  }
}
