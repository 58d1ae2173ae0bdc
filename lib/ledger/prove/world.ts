import { type Id, type IdKind, ID_PREFIXES, idFrom } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { type Month, monthInterval, monthOf } from '#lib/core/period.ts';
import { chart } from '../chart.ts';
import type { Dispute } from '../dispute-templates.ts';
import type { Refund } from '../refund-templates.ts';
import type { ReservationRef } from '../templates.ts';
import { Books } from './books.ts';
import type { Operation } from './operation.ts';

const ORGANISATIONS = 3;
const SLOTS = 4;
/** Months of a run's own, so that closing them hinders no other run. */
const MONTHS = 4;

/** One run: organisations, months and ids that no other run of the same database has, and the model's books of them. */
export class World {
  readonly books = new Books();
  readonly organisations: readonly Id<'organisation'>[];
  readonly months: readonly Month[];
  readonly pool: string;
  readonly sku: string;
  readonly provider: string;
  readonly refunds: Refund[] = [];
  readonly disputes: Dispute[] = [];
  readonly grants: Id<'promoGrant'>[][] = [];
  readonly #serial: number;
  readonly #generations = new Map<number, number>();
  #count = 0;

  constructor(serial: number) {
    this.#serial = serial;
    this.organisations = Array.from({ length: ORGANISATIONS }, () => this.fresh('organisation'));
    this.grants = this.organisations.map(() => []);
    this.pool = `pol_r${serial}`;
    this.sku = `sku_r${serial}`;
    this.provider = `psp-r${serial}`;
    this.months = Array.from({ length: MONTHS }, (_, i) => monthOf(instant(Date.UTC(2100, serial * MONTHS + i, 15))));
    for (const org of this.organisations)
      for (const account of [
        chart.wallet(org),
        chart.receivable(org),
        chart.lineSetAside(org),
        chart.receivableDisputed(org),
        chart.arrears(org),
      ])
        this.books.account(account);
  }

  /** A number that no other thing of this run has. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  fresh<K extends IdKind>(kind: K): Id<K> {
    return idFrom(kind, `${ID_PREFIXES[kind]}_r${this.#serial}-${this.next()}`);
  }

  organisation({ who }: Operation): Id<'organisation'> {
    return this.organisations[who % ORGANISATIONS] ?? this.fresh('organisation');
  }

  /** The reservation in a slot: two by the hour, one by the card, one on account. */
  reservation(operation: Operation, slot: number = operation.which % 3): ReservationRef {
    const at = (operation.who % ORGANISATIONS) * SLOTS + slot;
    const generation = this.#generations.get(at) ?? 0;
    return {
      reservationId: idFrom('reservation', `rsv_r${this.#serial}-${at}-${generation}`),
      organisationId: this.organisation(operation),
      poolId: this.pool,
      skuId: this.sku,
      purchase: slot === 2 ? 'by-card' : 'by-hour',
    };
  }

  /** Puts another reservation into the slot. */
  renew(operation: Operation): void {
    const at = (operation.who % ORGANISATIONS) * SLOTS + (operation.which % 3);
    this.#generations.set(at, (this.#generations.get(at) ?? 0) + 1);
  }

  /** A moment in one of the run's months: mostly the first open one, now and then one that may be closed. */
  moment({ when }: Operation): Instant {
    const open = this.months.findIndex((month) => !this.books.closed.has(month));
    const index = when % 64 === 0 ? when % 3 : open;
    const { startAt } = monthInterval(this.months[index] ?? this.lastMonth);
    return instant(startAt + (when % 660) * HOUR_MS);
  }

  get lastMonth(): Month {
    return this.months[MONTHS - 1] ?? monthOf(instant(0));
  }

  /** When the run posts: after all that it posts about. */
  get now(): Instant {
    return monthInterval(this.lastMonth).endAt;
  }
}
