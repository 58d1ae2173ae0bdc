import { chargeToDate, type Units, WHOLE_BPS } from '#lib/core/money.ts';
import type { QueuedJob, QueueRefusal, QueueSnapshot } from '../queue-types.ts';
import { fits } from './fit.ts';
import { shapeOf } from './tried.ts';

/** What a job costs at most at the present price: its cards for its whole walltime. */
export function chargeMax(job: QueuedJob, snapshot: QueueSnapshot): Units {
  const cardMs = BigInt(job.cards) * BigInt(job.walltimeMs);
  return chargeToDate(snapshot.priceE10, ((cardMs + 999n) / 1_000n) * WHOLE_BPS);
}

/** What accounts take up in the course of a round: cards held, and money that started jobs may cost. */
export class Commitments {
  readonly #snapshot: QueueSnapshot;
  readonly #cards = new Map<string, number>();
  readonly #spent = new Map<string, bigint>();
  readonly #empty: Int32Array;
  /** Whether an empty pool has room, by shape. */
  readonly #everFits = new Map<string, boolean>();

  constructor(snapshot: QueueSnapshot) {
    this.#snapshot = snapshot;
    this.#empty = Int32Array.from(snapshot.serverCards);
    if (snapshot.accounts.size === 0) return;
    for (const { accountId, shares } of snapshot.running)
      for (const { cards } of shares) this.#cards.set(accountId, (this.#cards.get(accountId) ?? 0) + cards);
  }

  /** The first rule that keeps a job out of this round; null when none does. The order of the rules is contract. */
  refusalOf(job: QueuedJob): QueueRefusal | null {
    const { now, priceE10, accounts } = this.#snapshot;
    if (!this.#canEverFit(job)) return 'neverFits';
    if (job.deadlineAt !== null && now + job.walltimeMs > job.deadlineAt) return 'deadlineMissed';
    if (job.priceCapE10 !== null && priceE10 > job.priceCapE10) return 'priceAboveCap';
    const account = accounts.get(job.accountId);
    if (!account) return null;
    if ((this.#cards.get(job.accountId) ?? 0) + job.cards > account.quotaCards) return 'quotaExceeded';
    if (account.limitLeftUnits === null) return null;
    const committed = (this.#spent.get(job.accountId) ?? 0n) + chargeMax(job, this.#snapshot);
    return committed > account.limitLeftUnits ? 'spendingLimitReached' : null;
  }

  #canEverFit(job: QueuedJob): boolean {
    const shape = shapeOf(job);
    const known = this.#everFits.get(shape);
    if (known !== undefined) return known;
    const doesFit = fits(this.#empty, this.#snapshot, job);
    this.#everFits.set(shape, doesFit);
    return doesFit;
  }

  /** Counts a job that starts in this round. */
  add(job: QueuedJob): void {
    if (this.#snapshot.accounts.size === 0) return;
    this.#cards.set(job.accountId, (this.#cards.get(job.accountId) ?? 0) + job.cards);
    this.#spent.set(job.accountId, (this.#spent.get(job.accountId) ?? 0n) + chargeMax(job, this.#snapshot));
  }
}
