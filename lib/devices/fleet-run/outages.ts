import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { type Health, isUp } from '../health.ts';
import type { HealthChange } from '../watched-cards.ts';

/** How long cards were out: not up, or up and closed to new work. */
export class Outages {
  readonly #outSince = new Map<string, Instant>();
  readonly #healthOf = new Map<string, Health>();
  #outMs = 0;

  take({ uuid, verdict, since }: HealthChange): void {
    this.#healthOf.set(uuid, verdict.health);
    const startedAt = this.#outSince.get(uuid);
    const isIn = isUp(verdict) && verdict.takesNewWork;
    if (isIn && startedAt !== undefined) {
      this.#outMs += since - startedAt;
      this.#outSince.delete(uuid);
    } else if (!isIn && startedAt === undefined) {
      this.#outSince.set(uuid, since);
    }
  }

  /** Card-hours out up to `at`, those still out included. */
  hoursTo(at: Instant): number {
    const running = [...this.#outSince.values()].reduce((sum, since) => sum + Math.max(0, at - since), 0);
    return (this.#outMs + running) / HOUR_MS;
  }

  /** How many cards are in which health. */
  census(): Record<Health, number> {
    const counts = { healthy: 0, degraded: 0, unhealthy: 0, unknown: 0 };
    for (const health of this.#healthOf.values()) counts[health] += 1;
    return counts;
  }
}
